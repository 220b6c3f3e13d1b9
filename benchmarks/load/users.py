"""Simulated users of the portal, for locust: each logs in by a demo button and reads the pages of his role.

locust -f benchmarks/load/users.py --headless -u 200 -r 10 -t 90s -H http://127.0.0.1:8600
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Sequence
from typing import Final

from locust import HttpUser, between, task

from benchmarks.load.options import THINKING

MONTH: Final = "2026-12"
_OK: Final = 200
_numbers = itertools.count(1)
_FORM: Final = re.compile(r'name="csrf" value="([^"]+)"')


class Reader(HttpUser):
    """Somebody who logs in once and then opens one page of his role after another."""

    abstract = True
    wait_time = between(*THINKING)
    who: str
    pages: Sequence[str]

    def on_start(self) -> None:
        """Log in, like a browser: with the form that the page had."""
        self._dice = random.Random(f"{self.who}-{next(_numbers)}")
        found = _FORM.search(self.client.get("/login").text)
        if found is None:
            raise LookupError(self.who)
        self.client.post("/login/demo", {"csrf": found[1], "login": self.who, "to": "/account"})

    @task
    def read(self) -> None:
        """Open a page."""
        page = self._dice.choice(self.pages)
        with self.client.get(page, catch_response=True) as answer:
            # A page that sends its reader to the login is no answer either.
            if answer.status_code != _OK or "/login" in (answer.url or ""):
                answer.failure(f"{answer.status_code} {answer.url}")


class Clerk(Reader):
    """部门经办."""

    weight: float = 8
    who = "clerk"
    pages: Sequence[str] = (
        "/",
        f"/requests?month={MONTH}",
        f"/visits?month={MONTH}",
        f"/plans/{MONTH}",
    )


class Head(Reader):
    """行政执法主体负责人."""

    weight: float = 4
    who = "head"
    pages: Sequence[str] = ("/", "/approvals", f"/requests?month={MONTH}")


class Office(Reader):
    """优化办."""

    weight: float = 2
    who = "office"
    pages: Sequence[str] = (
        "/",
        f"/plans/{MONTH}",
        f"/plans/{MONTH}?view=list",
        "/dashboard",
        "/totals",
    )


class Leader(Reader):
    """书记/市长."""

    weight: float = 1
    who = "leader"
    pages: Sequence[str] = ("/escalations", "/dashboard")


class Officer(Reader):
    """执法人员."""

    weight: float = 3
    who = "officer"
    pages: Sequence[str] = ("/field", f"/visits?month={MONTH}")


class Enterprise(Reader):
    """企业."""

    weight: float = 2
    who = "enterprise"
    pages: Sequence[str] = ("/", "/visits")
