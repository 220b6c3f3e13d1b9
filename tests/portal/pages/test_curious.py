"""A curious department looks at everything that it can reach, before and after it was rated.

Not a byte may differ: not on a page, over the interface, in a file or a feed, in a topic or a message.
The clock stands still between the two looks, so whatever differs would tell the hour of the rating too.
Then two towns live the same quiet night, one with a rating in it: what a department sees of its own next
request must be the same in both, else it could count the entries in between.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from fastapi.routing import APIRoute

from portal.archives.make import of_visit
from portal.messages import Sender
from scheduler.states import load_state
from schemas import commands as c
from schemas.notifications import Notification, Recipient
from schemas.topic import Audience
from schemas.topics import AUDIENCE_ENVELOPE
from schemas.visits import Filing, Finding, Grade, Outcome, Rating
from streams.outside import cells_needed, records
from tests.builders import a_request, a_uscc
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.browsers import Browser
from tests.portal.pages.months import MONTH, WEEK, done, entered
from tests.portal.pages.offices import Office

WHO: Final = ("clerk", "officer", None)
MOST: Final = 16
"""Pages that one visitor opens beside those that he guesses."""

_FRESH: Final = re.compile(r'(name="(?:csrf|key)" value=")[^"]*"|(data-csrf=")[^"]*"')
_LEADS_OUT: Final = (
    *("/static/", "/logout", "/language", "/api", "mailto:", "http"),
    *("/plans", "/policy", "/guide"),
)
"""Where no visit is told of, and the planner's pages: those search for seconds, and know no rating."""
_THEIRS: Final = frozenset({Recipient.DEPARTMENT, Recipient.HEAD, Recipient.OFFICER})
_GUESSES: Final = (
    *(
        "/visits?show=unrated",
        "/visits?show=rated",
        "/public",
        "/dashboard",
        "/identities",
        "/audit",
    ),
    *("/alerts", "/callbacks", "/sealed", "/visits.csv", "/readyz", "/enterprises"),
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
    if answer.content.startswith(b"PK"):
        return f"{answer.status_code} {heads}\n{unpacked(answer.content)}"
    text = _FRESH.sub("", answer.text)
    return f"{answer.status_code} {heads}\n{text}"


def unpacked(body: bytes) -> dict[str, str]:
    """Return the parts of an office file by their hashes; the part that says when it was made is left out."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        names = [name for name in file.namelist() if name != "docProps/core.xml"]
        return {name: hashlib.sha256(file.read(name)).hexdigest() for name in names}


async def pages(browser: Browser) -> dict[str, str]:
    """Return every page that somebody reaches by links from the first, and by guessing."""
    seen: dict[str, str] = {}
    left = [*_GUESSES, "/"]
    while left and len(seen) < MOST + len(_GUESSES):
        path = left.pop(0).partition("#")[0]
        leads_out = not path.startswith("/") or path.startswith(_LEADS_OUT) or path.endswith(".pdf")
        if path in seen or leads_out:
            continue
        await browser.go(path)
        seen[path] = plain(browser.answer)
        if "text/html" in browser.answer.headers.get("content-type", ""):
            left += sorted(set(browser.page.links))
    return seen


def reads(office: Office) -> list[str]:
    """Return the paths of all operations of the interface that read."""
    routes = [route for route in office.app.routes if isinstance(route, APIRoute)]
    return [r.path for r in routes if "GET" in (r.methods or ()) and r.path.startswith("/api/v1/")]


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
    client = Browser(office.app).client
    heads = {"authorization": f"Bearer {who}"} if who else {}
    found = {}
    for path in reads(office):
        if "/plan" not in path:
            place = re.sub(r"\{([a-z_]+)\}", lambda name: known.get(name[1], visit), path)
            found[place] = plain(await client.get(place, headers=heads))
    return found


async def outside(office: Office, envelope: Sequence[str]) -> list[str]:
    """Return every record that leaves the house for anybody but the supervising office."""
    bodies = [body async for _, body in office.service.ledger.entries()]
    cells = await office.service.ledger.peek(cells_needed(bodies))
    states: dict[str, Any] = {
        key: load_state(key, cell.state) for key, cell in cells.items() if cell.state is not None
    }
    return [
        f"{record.topic.name} {record.owner} {record.key!r} {record.value!r}"
        for body in bodies
        for record in records(body, states, envelope)
        if record.topic.audience is not Audience.INTERNAL
    ]


async def told(office: Office) -> Iterator[Notification]:
    """Return the messages to departments and their people."""
    found = await office.service.outbox.due(10_000)
    return (n for n in found if n.recipient in _THEIRS)


async def everything(office: Office, visit: str, folder: Path) -> dict[str, object]:
    """Return all that a curious department gets to see."""
    seen: dict[str, object] = {}
    for who in WHO:
        walked = await pages(await office.browser(who))
        assert who is None or len(walked) > 20, "somebody logged in has pages to look at"
        seen |= {f"{who} page {path}": text for path, text in walked.items()}
    answers = await interface(office, "clerk", visit)
    seen |= {f"api {path}": text for path, text in answers.items()}
    return seen | await handed_out(office, visit, folder)


async def handed_out(
    office: Office, visit: str, folder: Path, envelope: Sequence[str] = AUDIENCE_ENVELOPE
) -> dict[str, object]:
    """Return what leaves the house without being asked for, and the visit's file if it is handed over."""
    package = await of_visit(office.service, visit, folder / "visit.zip")
    return {
        "topics": await outside(office, envelope),
        "messages": sorted(map(repr, await told(office))),
        "package": package.path.read_bytes(),
    }


async def test_a_rating_changes_nothing_that_a_department_sees(
    office: Office, tmp_path: Path
) -> None:
    visit = await waiting(office)
    before = await everything(office, visit, tmp_path)
    position = await office.service.ledger.position()
    await rate(office, visit)
    assert await office.service.ledger.position() > position + 1, "the rating closed the visit"
    after = await everything(office, visit, tmp_path)
    assert [name for name in before if before[name] != after.get(name)] == []
    assert after.keys() == before.keys()


async def a_night(
    folder: Path, *, rated: bool, envelope: Sequence[str] = AUDIENCE_ENVELOPE
) -> dict[str, object]:
    """Live a night in a town of its own; return what a department sees of its request next morning."""
    numbers = count()
    office = await Office.open()
    office.ids = lambda: f"told-{next(numbers)}"
    visit = await waiting(office)
    if rated:
        office.ids = lambda: "told-at-night"
        await rate(office, visit)
    office.clock.set(office.clock.now() + timedelta(hours=12))
    request = a_request(department="fire", enterprise=a_uscc(2), items=("item-1",), window=WEEK)
    sender = Sender("http.clerk-fire", PEOPLE["clerk"])
    asked = c.SubmitRequest(request=request)
    morning = office.clock.now()
    # The month is closed by now: it is refused, and the refusal is on record and goes to the topic.
    (effect,) = await office.service.submit([sender.message(asked, id_="next-morning", at=morning)])
    id_ = effect.about.removeprefix("request/")
    browser = await office.browser("clerk")
    seen = await handed_out(office, visit, folder, envelope)
    assert id_ in str(seen["topics"])
    for path in (f"/requests/{id_}", "/requests", f"/visits/{visit}"):
        await browser.go(path)
        seen[path] = plain(browser.answer)
    heads = {"authorization": "Bearer clerk"}
    answer = await browser.client.get(f"/api/v1/requests/{id_}", headers=heads)
    return seen | {"api": plain(answer)}


async def test_a_department_cannot_count_what_came_before_its_own_next_request(
    tmp_path: Path,
) -> None:
    quiet = await a_night(tmp_path, rated=False)
    rated = await a_night(tmp_path, rated=True)
    assert [name for name in quiet if quiet[name] != rated[name]] == []


async def test_the_same_look_would_find_a_position(tmp_path: Path) -> None:
    """Tests the attack itself: where a message names its position, the night of the rating shows."""
    named = (*AUDIENCE_ENVELOPE, "position")
    quiet = await a_night(tmp_path, rated=False, envelope=named)
    rated = await a_night(tmp_path, rated=True, envelope=named)
    assert [name for name in quiet if quiet[name] != rated[name]] == ["topics"]


@pytest.mark.parametrize("who", ["clerk", "officer"])
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
