"""Simulated users of the portal, for locust: each logs in by a demo button and reads the pages of his role.

locust -f benchmarks/load/users.py --headless -u 200 -r 10 -t 90s -H http://127.0.0.1:8600
"""

from __future__ import annotations

import itertools
import random
from typing import Final

from locust import HttpUser, between, task

from benchmarks.load.options import THINKING
from benchmarks.load.reading import FORM, ROLES

_OK: Final = 200
_numbers = itertools.count(1)


class Reader(HttpUser):
    """Somebody who logs in once and then opens one page of his role after another."""

    abstract = True
    wait_time = between(*THINKING)
    who: str

    def on_start(self) -> None:
        """Log in, like a browser: with the form that the page had."""
        self._dice = random.Random(f"{self.who}-{next(_numbers)}")
        found = FORM.search(self.client.get("/login").text)
        if found is None:
            raise LookupError(self.who)
        self.client.post("/login/demo", {"csrf": found[1], "login": self.who, "to": "/account"})

    @task
    def read(self) -> None:
        """Open a page."""
        page = self._dice.choice(ROLES[self.who].pages)
        with self.client.get(page, catch_response=True) as answer:
            # A page that sends its reader to the login is no answer either.
            if answer.status_code != _OK or "/login" in (answer.url or ""):
                answer.failure(f"{answer.status_code} {answer.url}")


class Clerk(Reader):
    """部门经办."""

    who = "clerk"
    weight: float = ROLES[who].share


class Head(Reader):
    """行政执法主体负责人."""

    who = "head"
    weight: float = ROLES[who].share


class Office(Reader):
    """优化办."""

    who = "office"
    weight: float = ROLES[who].share


class Leader(Reader):
    """书记/市长."""

    who = "leader"
    weight: float = ROLES[who].share


class Officer(Reader):
    """执法人员."""

    who = "officer"
    weight: float = ROLES[who].share


class Enterprise(Reader):
    """企业."""

    who = "enterprise"
    weight: float = ROLES[who].share
