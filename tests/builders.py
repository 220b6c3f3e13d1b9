"""Things to test with, each with sensible defaults: say only what your test is about.

    a_request(lane=Lane.STATUTORY, cause=a_cause(Ground.COMPLAINT))

Everything is fictional. Identifiers count from one by kind, so two builders of one name give the same
thing unless told otherwise.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from portal.importing.documents import read_policy
from portal.resources import deploy_dir
from schemas.base import CHINA, Bilingual
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole, Entry
from schemas.events import Event
from schemas.lanes import Ground, Lane, OnSiteGround, Purpose
from schemas.origins import Origin, OriginKind
from schemas.policy import Cap, CapField, InForce, Policy
from schemas.registry import Department, Enterprise, Item, Officer
from schemas.uscc import make
from schemas.visits import Cause, Part, PlanLine, Request, Window
from schemas.wire import canonical, command_data, event_data

A_DAY = date(2026, 12, 25)
"""A Friday, the first day of the service week of December 2026."""

AN_INSTANT = datetime(2026, 12, 25, 9, 0, tzinfo=CHINA)


def a_uscc(number: int = 1) -> str:
    """Return a valid code of a fictional enterprise."""
    # Load tests need more than ten thousand of them.
    body = f"MA4L{number:04d}" if number < 10_000 else f"N{number:07d}"
    return make("9", "1", "430482", body)


def a_department(**changes: Any) -> Department:  # noqa: ANN401 - any field of the model
    """Return a local enforcement body."""
    return Department(**{"id": "fire", "name": "消防救援大队", **changes})


def an_officer(number: int = 1, **changes: Any) -> Officer:  # noqa: ANN401
    """Return a licensed officer of ``a_department()``."""
    fields = {
        "id": f"officer-{number}",
        "department": "fire",
        "name": f"执法员{number}",
        "licence": f"L-{number:05d}",
    }
    return Officer(**{**fields, **changes})


def an_enterprise(number: int = 1, **changes: Any) -> Enterprise:  # noqa: ANN401
    """Return an active enterprise."""
    fields = {"id": a_uscc(number), "name": f"第{number}机械厂", "site": f"工业大道{number}号"}
    return Enterprise(**{**fields, **changes})


def an_item(number: int = 1, **changes: Any) -> Item:  # noqa: ANN401
    """Return a published inspection item of ``a_department()``."""
    fields = {
        "id": f"item-{number}",
        "department": "fire",
        "name": f"检查事项{number}",
        "basis": "《中华人民共和国消防法》",
    }
    return Item(**{**fields, **changes})


def a_window(first: date = A_DAY, last: date = date(2026, 12, 31)) -> Window:
    """Return a window; by default the service week of December 2026."""
    return Window(first=first, last=last)


def a_cause(ground: Ground = Ground.COMPLAINT, **changes: Any) -> Cause:  # noqa: ANN401
    """Return a stated ground."""
    return Cause(**{"ground": ground, "reference": "12345-0001", **changes})


def a_request(**changes: Any) -> Request:  # noqa: ANN401
    """Return a routine inspection in the service week."""
    fields = {
        "department": "fire",
        "enterprise": a_uscc(),
        "purpose": Purpose.INSPECTION,
        "lane": Lane.ROUTINE,
        "items": ("item-1",),
        "window": a_window(),
        "on_site": OnSiteGround.PHYSICAL,
        "why_on_site": "须查看现场",
    }
    return Request(**{**fields, **changes})


def a_plan_line(number: int = 1, **changes: Any) -> PlanLine:  # noqa: ANN401
    """Return a visit of one department for one request."""
    part = Part(department="fire", requests=(f"request-{number}",), items=("item-1",))
    fields = {
        "visit": f"visit-{number}",
        "enterprise": a_uscc(number),
        "day": A_DAY,
        "lead": "fire",
        "parts": (part,),
    }
    return PlanLine(**{**fields, **changes})


def a_cap(**changes: Any) -> Cap:  # noqa: ANN401
    """Return the cap of two visits a year."""
    fields = {
        "code": "twice-a-year",
        "title": Bilingual(zh="同一部门对同一企业每年不超过2次", en="at most twice a year"),
        "origin": Origin(kind=OriginKind.DEFAULT, document="测试", words="每年不超过2次"),
        "in_force": InForce(since=date(2024, 7, 1)),
        "key": (CapField.DEPARTMENT, CapField.ENTERPRISE, CapField.YEAR),
        "limit": 2,
    }
    return Cap(**{**fields, **changes})


def a_policy(*rules: Any, **changes: Any) -> Policy:  # noqa: ANN401
    """Return a policy layer of these rules; of the cap of two alone when none is given."""
    fields = {
        "policy": "test-city",
        "version": 1,
        "title": Bilingual(zh="测试政策", en="Policy of a test"),
        "scope": "city",
        "rules": rules or (a_cap(),),
    }
    return Policy(**{**fields, **changes})


def a_policy_stack(*names: str) -> tuple[Policy, ...]:
    """Return shipped policies, lowest precedence first; by default the city's over the nation's.

    Falls back on ``a_policy()`` where none of the files is there.
    """
    layers = (_shipped(name) for name in names or ("national-54", "changning-2024"))
    return tuple(layer for layer in layers if layer) or (a_policy(),)


@cache
def _shipped(name: str) -> Policy | None:
    path = deploy_dir("policies") / f"{name}.yaml"
    return read_policy(path) if path.is_file() else None


def an_actor(role: ActorRole = ActorRole.CLERK, of: str | None = "fire") -> Actor:
    """Return somebody who asks."""
    return Actor(id=f"{role.value}-1", role=role, of=of)


def a_message(command: Command, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the envelope of a command as JSON values, to spoil at will."""
    fields: dict[str, Any] = {
        "specversion": "1.0",
        "id": "command-1",
        "source": "test",
        "type": command.type,
        "time": AN_INSTANT.isoformat(),
        "actor": an_actor().model_dump(mode="json"),
        "data": command_data(command),
    }
    return {**fields, **changes}


def an_entry(event: Event, subject: str, **changes: Any) -> bytes:  # noqa: ANN401
    """Return the canonical bytes of a ledger entry around an event."""
    fields: dict[str, Any] = {
        "id": "entry-1",
        "source": "test",
        "type": event.type,
        "subject": subject,
        "time": AN_INSTANT,
        "recordedtime": AN_INSTANT,
        "position": 1,
        "sequence": 1,
        "causationid": "command-1",
        "commandhash": "0" * 64,
        "correlationid": "case-1",
        "actor": an_actor(),
        "data": event_data(event),
    }
    entry = Entry(**{**fields, **changes})
    actor = entry.actor.model_dump(mode="json", exclude_defaults=True)
    return canonical({**entry.model_dump(mode="json"), "actor": actor})
