"""The pages at the gate: no login, no script, a few kilobytes.

Made from a verdict or a face alone, so that the portal and a gate in another zone show the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request, Response

from portal.http.problems import ProblemError
from portal.pages.forms import Form
from portal.pages.frame import html
from portal.pages.language import Tongue
from portal.pages.limiter import Limiter
from portal.pages.verdict import RatingFace, Stage, Verdict
from schemas.visits import Grade, Rating
from streams.codes import plain

LANGUAGE: Final = "wurao_lang"
"""The cookie that remembers the language somebody chose."""

LONGEST: Final = 1024
"""Characters of a code that somebody types, at most."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Where and when a page is shown, and in which language."""

    tongue: Tongue
    path: str
    now: datetime

    def show(self, template: str, status: int = 200, **values: object) -> Response:
        """Return a page."""
        answer = html(template, self.tongue, status, now=self.now, path=self.path, **values)
        answer.headers["cache-control"] = "no-store"
        # The address holds a code or a token: it goes to nobody else.
        answer.headers["referrer-policy"] = "no-referrer"
        return answer

    def ask(self) -> Response:
        """Return the page at which a code is typed."""
        return self.show("gate-ask.html.j2")

    def verdict(self, found: Verdict) -> Response:
        """Return the page of a verdict."""
        return self.show("gate-verdict.html.j2", verdict=found)

    def rating(
        self,
        token: str,
        stage: Stage,
        face: RatingFace | None,
        *,
        fault: bool = False,
        proof: bool = False,
    ) -> Response:
        """Return the page of a rating: the form, the receipt, or why there is none.

        ``proof``: whether a receipt can be had here that others can check.
        """
        return self.show(
            "gate-rating.html.j2",
            422 if fault else 200,
            token=token,
            face=face,
            stage=stage.value,
            grades=tuple(Grade),
            receipt=receipt(token),
            fault=fault,
            proof=proof,
        )


def given(form: Form) -> tuple[Rating, str | None] | None:
    """Return the rating in a form with its comment; ``None`` where no grade was chosen."""
    grade = form.choice(Grade, "grade")
    if grade is None:
        return None
    rating = Rating(grade=grade, beyond_items=form.ticked("beyond"), forward=form.ticked("forward"))
    return rating, form.some("comment")


def receipt(token: str) -> str:
    """Return the receipt's number: the same for the same rating, and no way back to the token."""
    digest = hashlib.sha256(f"receipt {plain(token)}".encode()).hexdigest()[:12].upper()
    return "-".join(digest[n : n + 4] for n in range(0, 12, 4))


def typed(code: str) -> str:
    """Return where the verdict on a code stands that somebody typed."""
    return f"/q/{''.join(code.split())[:LONGEST]}"


def not_flooding(limiter: Limiter, request: Request, now: datetime) -> None:
    """Let an address ask only so often.

    Raises:
        ProblemError: If it asked too often of late.
    """
    key = request.client.host if request.client else "-"
    if limiter.full(key, now):
        raise too_often()
    limiter.count(key, now)


def no_such_link() -> ProblemError:
    """Return the problem of a rating link that is none of ours."""
    said = ("评价链接不对，请从本企业收到的通知打开", "this is no rating link of ours")
    return ProblemError(404, "token-forged", said)


def too_often() -> ProblemError:
    """Return the problem of an address that asked too often of late."""
    said = ("请求过于频繁，请稍后再试", "too many requests, come again")
    return ProblemError(429, "too-often", said, headers={"retry-after": "60"})
