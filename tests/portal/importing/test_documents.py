from pathlib import Path

import pytest

from portal.importing.counter import import_calendars, import_history, import_policy
from portal.importing.documents import LARGEST, read_document, read_policy, read_stack
from portal.importing.faults import BadFile
from portal.resources import deploy_dir
from portal.wording.refusals import objections_of
from scheduler import keys
from scheduler.states import BaselineState, PolicyState
from tests.portal.offices import MORNING, an_office, sheet

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    "text",
    ["", BOMB, "a: [1, 2", "\tx: 1", "!!python/object/apply:os.system ['true']", "x: {" * 3000],
)
def test_what_is_no_plain_yaml_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile):
        read_document(path)


def test_a_huge_document_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"x: " + b"y" * LARGEST)
    with pytest.raises(BadFile, match=str(LARGEST)):
        read_document(path)


def test_a_policy_brings_what_it_rests_on(tmp_path: Path) -> None:
    assert [layer.policy for layer in read_stack(["changning-2024"])] == [
        "national-54",
        "changning-2024",
    ]
    with pytest.raises(BadFile, match="changning-2025"):
        read_stack(["changning-2025"])
    own = tmp_path / "mine.yaml"
    text = (deploy_dir("policies") / "changning-2024.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("policy: changning-2024", "policy: mine"), encoding="utf-8")
    assert [layer.policy for layer in read_stack([str(own)])] == ["national-54", "mine"]


def test_parts_lie_beside_a_policy_or_ship_with_the_program(tmp_path: Path) -> None:
    (shipped,) = (layer for layer in read_stack(["changning-2024"]) if layer.scope == "city")
    text = (deploy_dir("policies") / "changning-2024.yaml").read_text(encoding="utf-8")
    own = tmp_path / "changning-2024.yaml"
    own.write_text(text, encoding="utf-8")
    assert read_policy(own) == shipped
    (tmp_path / "changning-2024").mkdir()
    (tmp_path / "changning-2024" / "alerts.yaml").write_text("word_days: 6\n", encoding="utf-8")
    mine = read_policy(own)
    assert (mine.word_days, mine.alerts, mine.rules) == (6, (), shipped.rules)
    own.write_text(text.replace("/alerts]", "/alarms]"), encoding="utf-8")
    with pytest.raises(BadFile, match="changning-2024/alarms"):
        read_policy(own)


def test_policies_that_rest_on_each_other_are_refused(tmp_path: Path) -> None:
    text = (deploy_dir("policies") / "changning-2024.yaml").read_text(encoding="utf-8")
    for name, base in (("one", "two"), ("two", "one")):
        body = text.replace("policy: changning-2024", f"policy: {name}")
        body = body.replace("extends: [national-54]", f"extends: [{base}]")
        (tmp_path / f"{name}.yaml").write_text(body, encoding="utf-8")
    with pytest.raises(BadFile, match="one -> two -> one"):
        read_stack([str(tmp_path / "one.yaml")])


def test_a_fault_in_a_policy_names_the_rule(tmp_path: Path) -> None:
    text = (deploy_dir("policies") / "changning-2024.yaml").read_text(encoding="utf-8")
    path = tmp_path / "p.yaml"
    path.write_text(text.replace("test: service_week", "test: service_month"), encoding="utf-8")
    with pytest.raises(BadFile, match="rule service-week"):
        read_policy(path)


async def test_documents_in_use_are_not_adopted_again(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    before = await service.ledger.position()
    _, effect = await import_policy(service, ["changning-2024"], at=MORNING)
    found = await import_calendars(service, [Path("2026.yaml")], at=MORNING)
    assert (effect, found[0][1]) == (None, None)
    assert await service.ledger.position() == before
    _, effect = await import_policy(service, ["hunan-2010"], at=MORNING)
    assert effect is not None
    assert effect.status == "accepted"
    state = await service.queries.get(PolicyState, keys.POLICY)
    assert state is not None
    assert state.layers[-1].policy == "hunan-2010"


async def test_a_stack_that_cannot_stand_is_refused_with_its_reason(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    # The national layer alone states no timetable for a month.
    _, effect = await import_policy(service, ["national-54"], at=MORNING)
    assert effect is not None
    (objection,) = objections_of(effect)
    assert (effect.status, objection.rule) == ("refused", "policy-stack")
    assert "时间表" in str(objection.numbers["faults"])


async def test_a_past_year_becomes_the_baseline(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    rows = ["消防救援大队,老厂,2025-03-10", "fire,老厂,2025/3/10", "fire,新厂,2025年3月11日"]
    rows += ["fire,老厂,2025-12-01", "market,老厂,2025-03-10", "fire,老厂,三月"]
    path = sheet(tmp_path, "history", "\n".join(["部门,企业,日期", *rows, ""]))
    report = await import_history(service, path, at=MORNING)
    assert (report.taken, report.faulty, report.refused) == (5, 1, 0)
    fire = await service.queries.get(BaselineState, keys.baseline("fire", 2025))
    assert fire is not None
    # March: the same entry twice counts once, and another enterprise; December: one.
    assert fire.by_month == (0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    before = await service.ledger.position()
    await import_history(service, path, at=MORNING)
    assert await service.ledger.position() == before
