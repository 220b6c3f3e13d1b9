"""Stories of the closed loop, told twice: in a world without a shell, then through the handler."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler import keys
from scheduler.view import Claims, Decision
from schemas import commands as c
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Ground, Lane
from schemas.visits import Grade, Rating
from schemas.wire import command_data
from streams.intake import Raw
from tests.builders import a_cause, a_request, a_uscc, a_window
from tests.worlds import CLERK, OFFICE, TIMER, World, at

DRAFTED, PUBLISHED, STAFFED = date(2026, 12, 11), date(2026, 12, 16), date(2026, 12, 23)


@dataclass(frozen=True)
class Told:
    """A command of a story: what was asked, when, and what it came to."""

    raw: Raw
    recorded: datetime
    decision: Decision


class Story(World):
    """A world that keeps every command as the message that would have brought it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []

    def do(self, command: Command, *args: Any, **more: Any) -> Decision:  # noqa: ANN401 - as in ``World``
        actor, when = (*args, *(CLERK, None)[len(args) :])[:2]
        actor = more.get("actor", actor)
        decision = super().do(command, *args, **more)
        when = more.get("when", when) or at(date(2026, 12, 1))
        claims: Claims = more.get("claims") or Claims()
        envelope = {
            "specversion": "1.0",
            "id": more.get("id_") or f"c{self._count}",
            "source": "test",
            "type": command.type,
            "time": when.isoformat(),
            "actor": actor.model_dump(mode="json", exclude_none=True),
            "data": {k: v for k, v in command_data(shown(command, claims)).items() if k != "type"},
        }
        raw = Raw("test", json.dumps(envelope).encode())
        self.told.append(Told(raw, more.get("recorded") or when, decision))
        return decision


def shown(command: Command, claims: Claims) -> Command:
    """Return a command with codes and tokens that read as what the world took for granted."""
    match command:
        case c.ScanIn() if claims.code and claims.gate:
            code = " ".join(claims.code)
            return command.model_copy(update={"code": code, "gate": claims.gate})
        case c.RateVisit() if claims.token:
            return command.model_copy(update={"token": claims.token})
        case _:
            return command


def december() -> Story:
    """Return a December with every kind of turn: planned, refused, statutory, emergency, rated."""
    story = Story.adopted()
    assert isinstance(story, Story)
    planned = story.submit(a_request())
    story.submit(a_request())
    story.no(c.SubmitRequest(request=a_request()))
    recheck = story.submit(
        a_request(lane=Lane.STATUTORY, cause=a_cause(last_legal_date=date(2026, 12, 30)))
    )
    for request in (planned, recheck):
        story.head_approves(request)
    story.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    rate_and_close(story, story.request(planned).visit or "")
    emergency(story)
    return story


def rate_and_close(story: Story, visit: str) -> None:
    """Take a visit from its officers to its rating."""
    story.staff(visit, at(STAFFED))
    story.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    day = story.visit(visit).line.day
    story.enter(visit, at(day, 10))
    story.ok(c.ScanOut(visit=visit), CLERK, at(day, 11))
    enterprise = Actor(id="gate", role=ActorRole.ENTERPRISE, of=a_uscc())
    rating = c.RateVisit(visit=visit, token="t", rating=Rating(grade=Grade.VERY_POOR))
    story.ok(rating, enterprise, at(day, 12), claims=Claims(token=visit))
    lapse = c.LapseDeadline(deadline=keys.deadline("rating-window", keys.visit(visit)))
    story.no(lapse, TIMER, at(day, 13))
    story.no(c.RevokeCode(visit="nowhere", reason="unknown"), OFFICE, at(day, 14))


def emergency(story: Story) -> None:
    """Act on imminent danger first, approve after."""
    cause = a_cause(ground=Ground.IMMINENT_DANGER, last_legal_date=None)
    request = story.submit(
        a_request(lane=Lane.EMERGENCY, cause=cause, window=a_window(STAFFED)), at(STAFFED)
    )
    story.ok(c.ArrangeVisit(request=request, day=STAFFED), CLERK, at(STAFFED))
    story.head_approves(request, at(STAFFED, 17))
