"""A curious department looks at everything that it can reach, before and after it was rated.

Not a byte may differ: not on a page, over the interface, in a file or a feed, in a topic or a message.
The clock stands still between the two looks, so whatever differs would tell the hour of the rating too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from portal.http import describe
from portal.http.app import described
from scheduler.states import load_state
from schemas import commands as c
from schemas.notifications import Notification, Recipient
from schemas.topic import Audience
from schemas.visits import Filing, Finding, Grade, Outcome, Rating
from streams.outside import cells_needed, records
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.browsers import Browser
from tests.portal.pages.months import MONTH, done, entered
from tests.portal.pages.offices import Office

WHO: Final = ("clerk", "head", "officer", "other-clerk", None)
MOST: Final = 60
"""Pages that one visitor opens: more than there are for him, and an end where links make new ones."""

_FRESH: Final = re.compile(r'(name="(?:csrf|key)" value=")[^"]*"|(data-csrf=")[^"]*"')
_LEADS_OUT: Final = ("/static/", "/logout", "/language", "/api/", "mailto:", "http")
_THEIRS: Final = frozenset({Recipient.DEPARTMENT, Recipient.HEAD, Recipient.OFFICER})
_GUESSES: Final = (
    *("/visits?show=unrated", "/visits?show=rated", "/visits?status=closed", "/visits?status=left"),
    *(
        "/public",
        "/dashboard",
        "/totals",
        "/identities",
        "/audit",
        "/privacy",
        "/alerts",
        "/sealed",
    ),
    *(f"/visits.{kind}" for kind in ("csv", "xlsx", "json")),
    *(f"/requests.{kind}" for kind in ("csv", "xlsx", "json")),
    "/enterprises",
    "/health/ready",
    "/health/version",
)


async def waiting(office: Office) -> str:
    """Return a joint visit that is over and on which nothing is missing but the rating."""
    visit = await entered(office)
    await done(office, "clerk", c.ScanOut(visit=visit))
    (found,) = await office.service.queries.find("visit", id=visit)
    if found[1].filing is None:
        filing = Filing(number="F-1", at=office.clock.now(), by="clerk-fire")
        await done(office, "clerk", c.RecordFiling(visit=visit, filing=filing))
    for who, item in (("clerk", "item-1"), ("other-clerk", "item-1-market")):
        outcome = Outcome(
            department=PEOPLE[who].of or "", findings=(Finding(item=item, compliant=True),)
        )
        await done(office, who, c.RecordOutcome(visit=visit, outcome=outcome))
    return visit


async def rate(office: Office, visit: str) -> None:
    """Let the enterprise rate badly, without consent that anybody learns of it."""
    token = office.service.credentials.rating_token(visit)
    rating = Rating(grade=Grade.VERY_POOR, beyond_items=True, forward=False)
    await done(office, "firm", c.RateVisit(visit=visit, token=token, rating=rating, comment="恶劣"))


def plain(answer: httpx.Response) -> str:
    """Return what somebody sees of an answer, without what is new at every look."""
    kept = {"content-type", "etag", "last-modified", "location", "content-disposition"}
    heads = {name: value for name, value in answer.headers.items() if name in kept}
    text = _FRESH.sub("", answer.text)
    return f"{answer.status_code} {heads}\n{text}"


async def pages(browser: Browser) -> dict[str, str]:
    """Return every page that somebody reaches by links from the first, and by guessing."""
    seen: dict[str, str] = {}
    left = ["/", *_GUESSES]
    while left and len(seen) < MOST:
        path = left.pop(0).partition("#")[0]
        if path in seen or not path.startswith("/") or path.startswith(_LEADS_OUT):
            continue
        await browser.go(path)
        seen[path] = plain(browser.answer)
        if "text/html" in browser.answer.headers.get("content-type", ""):
            left += sorted(set(browser.page.links))
    return seen


async def interface(office: Office, who: str | None, visit: str) -> dict[str, str]:
    """Return the answer of every operation that reads, for what exists."""
    request = str((await office.service.queries.rows("request"))[0]["id"])
    enterprise = str((await office.service.queries.rows("visit"))[0]["enterprise"])
    known = {
        "visit": visit,
        "request": request,
        "month": MONTH,
        "enterprise": enterprise,
        "department": "fire",
        "version": "1",
        "position": "1",
    }
    document = json.loads(describe.text(described()))
    client = Browser(office.app).client
    heads = {"authorization": f"Bearer {who}"} if who else {}
    found = {}
    for path, operations in document["paths"].items():
        if "get" in operations and "events" not in path:
            place = re.sub(r"\{([a-z_]+)\}", lambda name: known.get(name[1], visit), path)
            for query in ("", "?status=closed", "?status=left"):
                answer = await client.get(place + query, headers=heads)
                found[place + query] = plain(answer)
    return found


async def outside(office: Office) -> list[str]:
    """Return every record that leaves the house for anybody but the supervising office."""
    bodies = [body async for _, body in office.service.ledger.entries()]
    cells = await office.service.ledger.peek(cells_needed(bodies))
    states: dict[str, Any] = {
        key: load_state(key, cell.state) for key, cell in cells.items() if cell.state is not None
    }
    return [
        f"{record.topic.name} {record.owner} {record.key!r} {record.value!r}"
        for body in bodies
        for record in records(body, states)
        if record.topic.audience is not Audience.INTERNAL
    ]


async def told(office: Office) -> Iterator[Notification]:
    """Return the messages to departments and their people."""
    found = await office.service.outbox.due(10_000)
    return (n for n in found if n.recipient in _THEIRS)


async def everything(office: Office, visit: str) -> dict[str, object]:
    """Return all that a curious department gets to see."""
    seen: dict[str, object] = {}
    for who in WHO:
        walked = await pages(await office.browser(who))
        assert who is None or len(walked) > 20, "somebody logged in has pages to look at"
        seen |= {f"{who} page {path}": text for path, text in walked.items()}
        answers = await interface(office, who, visit)
        seen |= {f"{who} api {path}": text for path, text in answers.items()}
    seen["topics"] = await outside(office)
    seen["messages"] = sorted(map(repr, await told(office)))
    return seen


async def test_a_rating_changes_nothing_that_a_department_sees(office: Office) -> None:
    visit = await waiting(office)
    before = await everything(office, visit)
    position = await office.service.ledger.position()
    await rate(office, visit)
    assert await office.service.ledger.position() > position + 1, "the rating closed the visit"
    after = await everything(office, visit)
    assert [name for name in before if before[name] != after.get(name)] == []
    assert after.keys() == before.keys()


@pytest.mark.parametrize("who", ["clerk", "head", "officer"])
async def test_who_tries_the_raters_doors_learns_the_same_of_rated_and_unrated(
    office: Office, who: str
) -> None:
    visit = await waiting(office)
    client = Browser(office.app).client
    heads = {"authorization": f"Bearer {who}"}
    tries: list[tuple[str, dict[str, object]]] = [
        (f"/api/v1/visits/{visit}/identity", {"reason": "想知道"}),
        (
            "/api/v1/privacy/askings",
            {"subject": f"rater/{visit}", "ground": "ordered", "reason": "x"},
        ),
        ("/api/v1/privacy/erasures", {"subject": f"rater/{visit}"}),
        ("/api/v1/ratings", {"token": "guessed", "grade": "good"}),
    ]
    answers = []
    for _ in range(2):
        answers.append([plain(await client.post(p, json=b, headers=heads)) for p, b in tries])
        if len(answers) == 1:
            await rate(office, visit)
    assert answers[0] == answers[1]
    assert all(each.startswith(("403", "404", "422")) for each in answers[0])
