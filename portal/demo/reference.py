"""Policies and calendars that ship with the program, as commands that adopt them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol

import yaml

from portal.demo.desk import ADMIN, Asked
from portal.importing.documents import read_policy
from portal.resources import deploy_dir
from schemas import commands as c
from schemas.calendars import Calendar
from schemas.policy import Policy
from schemas.registry import Department, Enterprise, Item, Officer

CITY: Final = "changning-2024"
"""The policy in use unless another one is named."""

STACK: Final = ("national-54", CITY)
"""Its layers, lowest precedence first."""


class UnknownPolicyError(ValueError):
    """No policy of this name ships with the program; the text names those that do."""


def stack_of(name: str) -> tuple[str, ...]:
    """Return the layers of a policy, those that it extends first.

    A policy that ships with the program goes by its name, one of a reader's own making by its file's path.

    Raises:
        UnknownPolicyError: If the program has none of this name, and there is no such file.
    """
    known = sorted(path.stem for path in deploy_dir("policies").glob("*.yaml"))
    if name not in known and not Path(name).is_file():
        raise UnknownPolicyError(f"{name}: {', '.join(known)}")
    (policy,) = policy_layers([name])
    below = [layer for each in policy.extends for layer in stack_of(each)]
    return tuple(dict.fromkeys([*below, name]))


def policy_layers(names: Iterable[str] = STACK) -> tuple[Policy, ...]:
    """Read policy layers: those of the program's data by their names, others by their paths."""
    shipped = {name: deploy_dir("policies") / f"{name}.yaml" for name in names}
    return tuple(
        read_policy(path if path.is_file() else Path(name)) for name, path in shipped.items()
    )


def calendar(year: int) -> Calendar | None:
    """Read a year's calendar from the program's data; ``None`` where none was announced yet."""
    path = deploy_dir("calendars") / f"{year}.yaml"
    if not path.is_file():
        return None
    return Calendar.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def adopting(
    years: Iterable[int],
    when: datetime,
    *,
    names: Iterable[str] = STACK,
    as_if_from: date | None = None,
) -> list[Asked]:
    """Return the commands that bring calendars and policy into use."""
    layers = policy_layers(names)
    known = [found for year in years if (found := calendar(year)) is not None]
    asked = [Asked(f"calendar-{k.year}", ADMIN, when, c.AdoptCalendar(calendar=k)) for k in known]
    adopt = c.AdoptPolicy(layers=layers, as_if_from=as_if_from)
    return [*asked, Asked("policy", ADMIN, when, adopt)]


class OnRecord(Protocol):
    """What is put on record before anybody asks for a visit."""

    @property
    def departments(self) -> Sequence[Department]:
        """The departments."""

    @property
    def items(self) -> Sequence[Item]:
        """Their inspection items."""

    @property
    def officers(self) -> Sequence[Officer]:
        """Their officers."""

    @property
    def enterprises(self) -> Sequence[Enterprise]:
        """The enterprises."""


def registering(found: OnRecord, when: datetime) -> list[Asked]:
    """Return the commands that put all registers on record."""
    named: list[tuple[str, c.Command]] = [
        *((f"department-{x.id}", c.RegisterDepartment(department=x)) for x in found.departments),
        *((f"item-{x.id}", c.PublishItem(item=x)) for x in found.items),
        *((f"officer-{x.id}", c.RegisterOfficer(officer=x)) for x in found.officers),
        *((f"enterprise-{x.id}", c.RegisterEnterprise(enterprise=x)) for x in found.enterprises),
    ]
    return [Asked(id_, ADMIN, when, command) for id_, command in named]
