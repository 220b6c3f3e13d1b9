"""Every command and event is where readers look for it, under a type string that lasts."""

import re
from inspect import getdoc
from typing import Any

import pytest

from schemas import (
    annual_commands,
    booking_commands,
    budget_commands,
    bundle_commands,
    callback_commands,
    campaign_commands,
    commands,
    contact_commands,
    events,
    key_commands,
    lead_commands,
    meeting_commands,
    off_site_commands,
    problem_commands,
    score_commands,
    treatment_commands,
)
from schemas.catalogue import (
    COMMAND_TYPES,
    EVENT_TYPES,
    TYPE_PATTERN,
    known_versions,
    stem,
)
from schemas.command_base import CommandBase
from schemas.events import (
    EventBase,
    annual,
    booking,
    budgets,
    bundles,
    callbacks,
    campaigns,
    contacts,
    keyrings,
    leads,
    meetings,
    off_site,
    problems,
    scorecards,
    treatment,
)
from tests.samples import sample

COMMANDS = (
    *(commands, problem_commands, callback_commands, contact_commands, annual_commands),
    *(meeting_commands, treatment_commands, booking_commands, budget_commands),
    *(off_site_commands, bundle_commands, campaign_commands, lead_commands, score_commands),
    key_commands,
)
EVENTS = (
    *(events, problems, callbacks, contacts, annual, meetings, treatment, booking),
    *(budgets, keyrings),
    *(off_site, bundles, campaigns, leads, scorecards),
)
"""Where their classes are: some modules hand theirs on as one union."""


def classes(modules: tuple[object, ...], base: type) -> set[type]:
    named = (value for module in modules for value in vars(module).values())
    found = (value for value in named if isinstance(value, type))
    return {cls for cls in found if issubclass(cls, base) and cls is not base}


def test_every_command_class_is_in_the_union() -> None:
    assert set(COMMAND_TYPES.values()) == classes(COMMANDS, CommandBase)
    assert len(COMMAND_TYPES) == len(classes(COMMANDS, CommandBase))


def test_every_event_class_is_in_the_union() -> None:
    assert set(EVENT_TYPES.values()) == classes(EVENTS, EventBase)
    assert len(EVENT_TYPES) == len(classes(EVENTS, EventBase))


def test_commands_and_events_do_not_share_type_strings() -> None:
    assert not COMMAND_TYPES.keys() & EVENT_TYPES.keys()


@pytest.mark.parametrize("type_", [*COMMAND_TYPES, *EVENT_TYPES])
def test_a_type_string_has_the_shape_that_lasts(type_: str) -> None:
    assert re.fullmatch(TYPE_PATTERN, type_)


@pytest.mark.parametrize("cls", [*COMMAND_TYPES.values(), *EVENT_TYPES.values()])
def test_a_class_says_what_it_means(cls: Any) -> None:  # noqa: ANN401 - one of many classes
    assert cls.__doc__
    assert getdoc(cls) != getdoc(cls.__base__)


@pytest.mark.parametrize("cls", COMMAND_TYPES.values())
def test_personal_fields_are_fields_of_the_command(cls: Any) -> None:  # noqa: ANN401
    assert sample(cls, rich=True).personal().keys() <= cls.model_fields.keys()


def test_versions_are_compared_by_their_stem() -> None:
    assert stem("cn.wurao.visit.enter.v12") == "cn.wurao.visit.enter"
    assert stem("no version") == "no version"
    assert known_versions("cn.wurao.visit.enter.v12") == ("cn.wurao.visit.enter.v1",)
    assert known_versions("cn.wurao.visit.fly.v1") == ()
