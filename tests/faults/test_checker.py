"""The checker on histories made by hand: a sound one has no finding, and each damage has its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.checker import CHECKS, LAPSED, REJECTED, Evidence, Finding, check
from tests.faults.history import Line, What

LIMITS = {"tally/cap/": 2}


def an_entry(position: int, cause: str, subject: str, sequence: int = 1, **more: Any) -> bytes:  # noqa: ANN401 - an event's own fields
    """Return the bytes of an entry, with as much of an envelope as the checker reads."""
    return json.dumps(
        {
            "id": f"e{position}",
            "position": position,
            "subject": subject,
            "sequence": sequence,
            "causationid": cause,
            "type": more.pop("type", "cn.wurao.request.accepted.v1"),
            "data": more,
        }
    ).encode()


def a_line(what: What, id_: str, **more: Any) -> Line:  # noqa: ANN401 - a line's own fields
    return Line(at=1.0, what=what, source="s", id=id_, **more)


TALLY = [{"key": "tally/cap/x", "reserved": 1}]
OPENS = [{"id": "deadline/d"}]
BODIES = [
    an_entry(1, "s#a", "request/a", tally=TALLY, opens=OPENS),
    an_entry(2, "s#b", "request/b", tally=TALLY),
    an_entry(3, "s#bytes~1", "rejection/1", type=REJECTED),
    an_entry(4, "s#c", "request/a", 2, type="cn.wurao.request.withdrawn.v1",
             tally=[{"key": "tally/cap/x", "reserved": -1}]),
    an_entry(5, "timer#d", "deadline/d", type=LAPSED),
]  # fmt: skip
HISTORY = [
    a_line(What.ASKED, "a"),
    a_line(What.TAKEN, "a"),
    a_line(What.ASKED, "b"),
    a_line(What.UNKNOWN, "b"),
    a_line(What.ASKED, "bytes~1", bad=True),
    a_line(What.TAKEN, "bytes~1", bad=True),
    a_line(What.ASKED, "c"),
    a_line(What.ANSWERED, "c", status="accepted"),
    a_line(What.ASKED, "lost"),
    a_line(What.UNKNOWN, "lost"),
]
SOUND = Evidence(
    history=HISTORY,
    entries=list(enumerate(BODIES, start=1)),
    effects={
        ("s", "a"): "accepted",
        ("s", "b"): "accepted",
        ("s", "bytes~1"): "rejected",
        ("s", "c"): "accepted",
        ("timer", "d"): "accepted",
    },
    topic=list(enumerate(BODIES, start=1)),
    letters=[BODIES[2]],
    limits=LIMITS,
    sealed=5,
)


def promises(evidence: Evidence) -> set[str]:
    return {finding.promise for finding in check(evidence)}


def with_entries(bodies: Sequence[bytes], **more: Any) -> Evidence:  # noqa: ANN401 - other evidence
    """Return the sound run with other entries, in the topic and under seals too."""
    entries = list(enumerate(bodies, start=1))
    return replace(SOUND, entries=entries, topic=entries, sealed=len(bodies), **more)


def test_a_sound_run_has_no_finding_though_some_answers_never_came() -> None:
    assert check(SOUND) == []


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        ({"effects": {k: v for k, v in SOUND.effects.items() if k != ("s", "a")}},
         "acknowledged commands have their effect"),
        ({"effects": {**SOUND.effects, ("s", "c"): "refused"}},
         "acknowledged commands have their effect"),
        ({"effects": {k: v for k, v in SOUND.effects.items() if k != ("s", "b")}}, "nothing half"),
        ({"effects": {**SOUND.effects, ("s", "lost"): "accepted"}}, "nothing half"),
        ({"history": HISTORY[2:]}, "nothing half"),
        ({"entries": [*SOUND.entries[:2], *SOUND.entries[3:]]}, "no gaps"),
        ({"topic": [*SOUND.topic[:2], *SOUND.topic[3:]]}, "the topic is the ledger"),
        ({"topic": [*SOUND.topic, SOUND.topic[4]]}, "the topic is the ledger"),
        ({"topic": [SOUND.topic[1], SOUND.topic[0], *SOUND.topic[2:]]}, "the topic is the ledger"),
        ({"topic": [*SOUND.topic[:4], (5, BODIES[4] + b" ")]}, "the topic is the ledger"),
        ({"topic": [*SOUND.topic, (6, b"{}")]}, "the topic is the ledger"),
        ({"letters": []}, "dead letters are the bad inputs"),
        ({"letters": [BODIES[2], BODIES[2]]}, "dead letters are the bad inputs"),
        ({"letters": [BODIES[2], BODIES[0]]}, "dead letters are the bad inputs"),
        ({"limits": {"tally/cap/": 1}}, "quotas"),
        ({"overdue": ["deadline/x"]}, "deadlines fire once"),
        ({"sealed": 4}, "sealed and unaltered"),
        ({"seals": ["an altered entry"]}, "sealed and unaltered"),
        ({"replay": ["cell x: changed"]}, "replay equals live"),
        ({"audit": ["a breach"]}, "hard rules"),
        ({"history": [*HISTORY, Line(at=2.0, what=What.ENDED, kind="worker1", status="75")]},
         "nobody gave up"),
    ],
)  # fmt: skip
def test_each_damage_is_a_finding_of_its_promise(damage: dict[str, Any], promise: str) -> None:
    assert promise in promises(replace(SOUND, **damage))


def test_a_command_that_was_written_twice_is_found() -> None:
    again = an_entry(6, "s#a", "request/a", 3)
    assert "effect once" in promises(with_entries([*BODIES, again]))
    same_id = again.replace(b'"e6"', b'"e5"')
    found = check(with_entries([*BODIES, same_id]))
    assert Finding("effect once", "entry e5 is there 2 times") in found


def test_a_gap_in_a_stream_is_found() -> None:
    skipped = an_entry(6, "timer#z", "request/b", 3)
    effects = {**SOUND.effects, ("timer", "z"): "accepted"}
    assert promises(with_entries([*BODIES, skipped], effects=effects)) == {"no gaps"}


def test_a_deadline_that_fires_again_is_found_unless_it_was_opened_again() -> None:
    effects = {**SOUND.effects, ("timer", "z"): "accepted", ("timer", "y"): "accepted"}
    twice = an_entry(6, "timer#z", "deadline/d", 2, type=LAPSED)
    once = {key: status for key, status in effects.items() if key != ("timer", "y")}
    assert promises(with_entries([*BODIES, twice], effects=once)) == {"deadlines fire once"}
    opened = an_entry(6, "timer#y", "visit/v", opens=OPENS)
    late = twice.replace(b'"e6"', b'"e7"').replace(b'"position": 6', b'"position": 7')
    assert promises(with_entries([*BODIES, opened, late], effects=effects)) == set()


def test_a_deadline_that_was_met_must_not_fire() -> None:
    met = an_entry(5, "timer#d", "visit/v", meets=["deadline/d"])
    fired = an_entry(6, "timer#z", "deadline/d", type=LAPSED)
    effects = {**SOUND.effects, ("timer", "z"): "accepted"}
    evidence = with_entries([*BODIES[:4], met, fired], effects=effects)
    assert promises(evidence) == {"deadlines fire once"}


def test_what_must_not_be_refused_may_carry_a_cap_above_its_limit() -> None:
    more = [{"key": "tally/cap/x", "used": 2}]
    emergency = an_entry(6, "timer#z", "visit/z", type="cn.wurao.visit.arranged.v1", tally=more)
    effects = {**SOUND.effects, ("timer", "z"): "accepted", ("timer", "y"): "accepted"}
    once = {key: status for key, status in effects.items() if key != ("timer", "y")}
    assert promises(with_entries([*BODIES, emergency], effects=once)) == set()
    asked = an_entry(7, "timer#y", "request/y", tally=TALLY)
    assert promises(with_entries([*BODIES, emergency, asked], effects=effects)) == {"quotas"}


def test_units_that_were_never_there_are_found() -> None:
    given = an_entry(6, "timer#z", "request/z", tally=[{"key": "tally/cap/y", "used": -1}])
    effects = {**SOUND.effects, ("timer", "z"): "accepted"}
    assert promises(with_entries([*BODIES, given], effects=effects)) == {"quotas"}


def test_a_good_command_that_was_rejected_is_found() -> None:
    history = [replace(line, bad=False) for line in HISTORY]
    assert "dead letters are the bad inputs" in promises(replace(SOUND, history=history))


def test_few_examples_of_a_kind_are_kept() -> None:
    found = check(replace(SOUND, overdue=[f"deadline/{n}" for n in range(100)]))
    assert len(found) == 5


def test_every_promise_has_a_check_that_can_fail() -> None:
    assert len(CHECKS) == 12
