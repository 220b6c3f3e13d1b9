"""A bundle proves a draw to a stranger; whoever changes a byte of it, or a step, proves nothing."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scheduler.draw.bundle import BadBundleError, bundle, receipt, verify
from schemas import draw_commands as d
from schemas.plain_json import canonical
from tests.scheduler.draw.conftest import SCRIPT
from tests.scheduler.draw.lists import DRAWN_AT, a_plan, a_world, bodies, replacing, revealed
from tests.worlds import OFFICE


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """Return the bundle of a small joint draw."""
    world = a_world(12)
    state = revealed(world, a_plan(12))
    return bundle(bodies(world, state.id))


def refused(stranger: ModuleType, body: bytes, receipts: tuple[str, ...] = ()) -> bool:
    """Tell whether a bundle is refused; both verifiers must say the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda _: body)
        code = stranger.main(["bundle", *receipts])
    try:
        verify(body, receipts)
    except BadBundleError:
        assert code == 1
        return True
    assert code == 0
    return False


def test_a_genuine_bundle_is_proven_by_both(drawn: bytes, stranger: ModuleType) -> None:
    assert not refused(stranger, drawn)
    found = verify(drawn)
    assert found.members == 12
    assert found.number == 1
    assert found.withdrawn is None


def test_the_script_needs_the_standard_library_alone(drawn: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    file.write_bytes(drawn)
    words = [sys.executable, "-I", "-S", str(SCRIPT), str(file)]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "drawing again gives the same" in said.stdout
    assert f"receipt {verify(drawn).receipts[0]}" in said.stdout
    file.write_bytes(drawn.replace(b"2026140", b"2026141"))
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "REFUSED" in said.stdout


def test_a_changed_byte_anywhere_is_refused(drawn: bytes, stranger: ModuleType) -> None:
    """Every position of the bundle, each with another random byte."""
    chance = random.Random(2026)
    for place in range(len(drawn)):
        other = chance.choice([b for b in range(256) if b != drawn[place]])
        changed = drawn[:place] + bytes([other]) + drawn[place + 1 :]
        with pytest.raises(BadBundleError):
            verify(changed)
        if place % 20 == 0:
            assert refused(stranger, changed)


def test_a_byte_more_or_less_is_refused(drawn: bytes, stranger: ModuleType) -> None:
    for body in (drawn + b"\n", drawn[:-1], b" " + drawn, drawn[:100] + drawn[101:], b"", b"[]\n"):
        assert refused(stranger, body)


def rewritten(
    body: bytes,
    change: Callable[[list[dict[str, Any]]], object],
    around: Callable[[dict[str, Any]], object] = lambda _: None,
) -> bytes:
    """Return a bundle that somebody changed in place who can also compute its digest."""
    found = json.loads(body)
    change(found["entries"])
    around(found)
    content = {name: value for name, value in found.items() if name != "sha256"}
    digest = hashlib.sha256(canonical(content)).hexdigest()
    return canonical({**content, "sha256": digest}) + b"\n"


def _swap_targets(entries: list[dict[str, Any]]) -> None:
    entries[3]["data"]["result"]["targets"].reverse()


def _other_public(entries: list[dict[str, Any]]) -> None:
    entries[2]["data"]["value"] = "01"


def _other_seed(entries: list[dict[str, Any]]) -> None:
    entries[3]["data"]["seed"] = "5f" * 32


def _one_less(entries: list[dict[str, Any]]) -> None:
    entries[0]["data"]["plan"]["population"].pop()


def _other_ratio(entries: list[dict[str, Any]]) -> None:
    entries[0]["data"]["ratios"][0]["per_cent"] += 1


def _other_load(entries: list[dict[str, Any]]) -> None:
    entries[0]["data"]["plan"]["inspectors"][0]["load"] = 9


def _late_commitment(entries: list[dict[str, Any]]) -> None:
    entries[1]["recordedtime"] = (DRAWN_AT + timedelta(seconds=1)).isoformat()


def _early_value(entries: list[dict[str, Any]]) -> None:
    entries[2]["recordedtime"] = (DRAWN_AT - timedelta(seconds=1)).isoformat()


def _step_missing(entries: list[dict[str, Any]]) -> None:
    del entries[1]


def _steps_swapped(entries: list[dict[str, Any]]) -> None:
    entries[1], entries[2] = entries[2], entries[1]


def _other_draw(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        entry["subject"] = "draw/another"


@pytest.mark.parametrize(
    "change",
    [
        *(_swap_targets, _other_public, _other_seed, _one_less, _other_ratio, _other_load),
        *(_late_commitment, _early_value, _step_missing, _steps_swapped, _other_draw),
    ],
)
def test_who_writes_the_digest_anew_is_found_out_by_the_draw(
    drawn: bytes,
    stranger: ModuleType,
    change: Any,  # noqa: ANN401 - one of the above
) -> None:
    assert refused(stranger, rewritten(drawn, change))


def test_a_receipt_shows_that_a_bundle_was_made_up(drawn: bytes, stranger: ModuleType) -> None:
    kept = verify(drawn).receipts[1]
    assert not refused(stranger, drawn, (kept,))

    def other_source(entries: list[dict[str, Any]]) -> None:
        entries[1]["data"]["public_source"] = "another lottery"

    changed = rewritten(drawn, other_source)
    assert not refused(stranger, changed), "nothing in the file itself can show this"
    assert refused(stranger, changed, (kept,))


def test_a_receipt_is_the_leaf_hash_of_the_entry(drawn: bytes) -> None:
    entry = canonical(json.loads(drawn)["entries"][0])
    assert verify(drawn).receipts[0] == receipt(entry)
    assert receipt(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_withdrawn_draw_proves_that_it_was_withdrawn(stranger: ModuleType) -> None:
    world = a_world(12)
    state = revealed(world, a_plan(12))
    world.ok(d.WithdrawDraw(draw=state.id, reason="名单有误"), OFFICE, DRAWN_AT)
    body = bundle(bodies(world, state.id))
    assert not refused(stranger, body)
    assert verify(body).withdrawn == "名单有误"


def substituted() -> bytes:
    """Return the bundle of a draw that sent two substitutes to one enterprise."""
    world = a_world(12)
    state = revealed(world, a_plan(12))
    world.ok(replacing(state), OFFICE, DRAWN_AT)
    world.ok(replacing(state, who=1), OFFICE, DRAWN_AT)
    return bundle(bodies(world, state.id))


def test_substitutes_are_drawn_again_by_both(stranger: ModuleType) -> None:
    body = substituted()
    assert not refused(stranger, body)
    assert verify(body).substitutes == 2


def _chosen(entries: list[dict[str, Any]]) -> None:
    new = entries[4]["data"]["substitute"]
    inspectors = [i["officer"] for i in entries[0]["data"]["plan"]["inspectors"]]
    others = {new["officer"], new["out"], entries[5]["data"]["substitute"]["out"]}
    new["officer"] = next(i for i in inspectors if i not in others and not i.endswith("-market"))


def _not_of_the_pair(entries: list[dict[str, Any]]) -> None:
    entries[4]["data"]["substitute"]["out"] = "officer-9"


def _passed(entries: list[dict[str, Any]]) -> None:
    new = entries[4]["data"]["substitute"]
    new["passed"] = [new["officer"]]


def _one_substitute_missing(entries: list[dict[str, Any]]) -> None:
    del entries[4]


@pytest.mark.parametrize("change", [_chosen, _not_of_the_pair, _passed, _one_substitute_missing])
def test_a_chosen_substitute_is_found_out(
    stranger: ModuleType,
    change: Any,  # noqa: ANN401 - one of the above
) -> None:
    assert refused(stranger, rewritten(substituted(), change))
