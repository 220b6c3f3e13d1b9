"""Problems written and read again, and what is said about files that make none."""

from dataclasses import fields, is_dataclass
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.faults import SHOWN, BadFiles
from scheduler.exchange.files import digest, read_problem, write_problem
from scheduler.exchange.statement import Statement
from tests.scheduler.exchange.worlds import Sizes, drawn_statement

SEEDS = st.integers(0, 2**32)
HEAD = b'{"format": "wurao-problem/1", "days": ["2027-01-04", "2027-01-05", "2027-01-06"]}'
GOOD = {
    "problem.json": HEAD,
    "requests.csv": b"id,enterprise,department,choices\na,mill,fire,0-1\nb,mill,tax,1:2:5\n",
    "capacities.csv": b"department,day,units\nfire,0,1\nfire,1,1\ntax,1,9\n",
}


def same(one: object, other: object) -> bool:
    """Whether two statements say the same, column by column."""
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return one == other


def faults_of(**files: bytes) -> BadFiles:
    """What is said about the good files with some replaced; `_` stands for the dot of a name."""
    changed = {
        name.replace("_csv", ".csv").replace("_json", ".json"): data for name, data in files.items()
    }
    with pytest.raises(BadFiles) as caught:
        read_problem({**GOOD, **changed})
    return caught.value


def with_sorted_members(statement: Statement) -> bool:
    caps = statement.caps
    keys = list(zip(caps.member_cap.tolist(), caps.member_choice.tolist(), strict=True))
    return keys == sorted(keys)


@given(SEEDS)
@settings(deadline=None)
def test_what_is_written_is_read(seed: int) -> None:
    statement = drawn_statement(Random(seed), Sizes(requests=12, enterprises=4, departments=4))
    assert with_sorted_members(statement)
    assert same(read_problem(write_problem(statement)), statement)


def test_the_defaults_of_the_format() -> None:
    found = read_problem(GOOD)
    assert found.enterprises == ("mill",)
    assert found.departments == ("fire", "tax")
    assert found.parties == ("",)
    assert (found.entry, found.unplaced, found.max_departments) == (10, 100, None)
    assert found.leave.tolist() == [100, 100]
    assert found.duration.tolist() == [1, 1]
    assert found.choice_day.tolist() == [0, 1, 1]
    assert found.choice_points.tolist() == [0, 0, 2]
    assert found.choice_units.tolist() == [1, 1, 5]
    assert found.capacity.tolist() == [[1, 1, 0], [0, 9, 0]]


def test_columns_and_lines_may_stand_in_any_order() -> None:
    text = "choices,department,id,enterprise\r\n1:2:5,tax,b,mill\r\n\r\n1 0,fire,a,mill\r\n"
    found = read_problem({**GOOD, "requests.csv": b"\xef\xbb\xbf" + text.encode()})
    assert found.ids == ("b", "a")
    assert found.choice_day.tolist() == [1, 0, 1]


def test_a_request_without_choices_and_capacity_of_zero_are_no_faults() -> None:
    found = read_problem(
        {
            **GOOD,
            "requests.csv": b"id,enterprise,department,choices,duration\na,mill,fire,,0\n",
            "capacities.csv": b"department,day,units\nfire,0,0\n",
        }
    )
    assert found.choice_first.tolist() == [0, 0]


def test_names_may_hold_commas_quotes_and_any_script() -> None:
    text = 'id,enterprise,department,choices\n"a,1","永安""机械""厂",消防,0\n'
    found = read_problem({**GOOD, "requests.csv": text.encode()})
    assert found.ids == ("a,1",)
    assert found.enterprises == ('永安"机械"厂',)


REQUEST = b"id,enterprise,department,choices"


@pytest.mark.parametrize(
    ("file", "data", "line", "column", "words"),
    [
        ("requests.csv", REQUEST + b"\na,mill,fire,0-3\n", 2, "choices", "outside the horizon"),
        ("requests.csv", REQUEST + b"\na,mill,fire,1-0\n", 2, "choices", "backwards"),
        ("requests.csv", REQUEST + b"\na,mill,fire,0 0-1\n", 2, "choices", "listed twice"),
        ("requests.csv", REQUEST + b"\na,mill,fire,0:-1\n", 2, "choices", "cannot read"),
        ("requests.csv", REQUEST + b"\na,mill,fire,0:9999999\n", 2, "choices", "too great"),
        ("requests.csv", REQUEST + b",duration\na,mill,fire,0,-1\n", 2, "duration", "out of range"),
        ("requests.csv", REQUEST + b",duration\na,mill,fire,0,1.5\n", 2, "duration", "whole"),
        ("requests.csv", REQUEST + b",weight\na,mill,fire,0,101\n", 2, "weight", "out of range"),
        ("requests.csv", REQUEST + b",must\na,mill,fire,0,yes\n", 2, "must", "whole"),
        ("requests.csv", REQUEST + b",pinned\na,mill,fire,0,1\n", 2, "pinned", "among the choices"),
        ("requests.csv", REQUEST + b"\na,mill,fire,0\nb,m,f,0\na,x,y,1\n", 4, "id", "further up"),
        ("requests.csv", REQUEST + b"\n,mill,fire,0\n", 2, "id", "empty"),
        ("requests.csv", REQUEST + b"\na,mill,fire\n", 2, "", "3 cells under 4"),
        ("requests.csv", REQUEST + b"\na,mill,fire,0\n\n\nb,mill,,0\n", 5, "department", "empty"),
        ("requests.csv", REQUEST + b",durations\na,mill,fire,0,1\n", 1, "durations", "not know"),
        ("requests.csv", REQUEST + b",id\na,mill,fire,0,b\n", 1, "id", "comes twice"),
        ("requests.csv", b"id,enterprise,choices\na,mill,0\n", 1, "department", "must be there"),
        ("requests.csv", b"", 1, "id", "must be there"),
        ("requests.csv", REQUEST + b'\n"a,mill,fire,0\n', 2, "", "not well-formed"),
        ("requests.csv", REQUEST + "\na,永安,fire,0\n".encode("gbk"), 0, "", "UTF-8"),
        ("capacities.csv", b"department,day,units\nfire,0,-1\n", 2, "units", "out of range"),
        ("capacities.csv", b"department,day,units\nfire,3,1\n", 2, "day", "out of range"),
        ("capacities.csv", b"department,day,units\nfire,0,1\nfire,0,2\n", 3, "", "further up"),
        ("visits.csv", b"enterprise,day,points\nmil,0,1\n", 2, "enterprise", "not in requests"),
        ("visits.csv", b"enterprise,day,points\nmill,0,1\nmill,0,1\n", 3, "", "further up"),
        ("caps.csv", b"cap,room,counts\nx,1,visits\n", 2, "counts", "one of the words"),
        ("caps.csv", b"cap,room,counts\nx,1,entry\nx,1,entry\n", 3, "cap", "further up"),
        ("cap_members.csv", b"cap,request\nx,a\n", 0, "", "no caps.csv"),
        ("cap.csv", b"cap,room,counts\n", 0, "", "does not know"),
        ("problem.json", HEAD[:-1], 1, "", "not JSON"),
        ("problem.json", b"[]", 0, "", "missing or wrong"),
        ("problem.json", HEAD.replace(b"m/1", b"m/2"), 0, "format", "missing or wrong"),
        ("problem.json", HEAD.replace(b"01-05", b"01-04"), 0, "days", "ascend"),
        ("problem.json", HEAD.replace(b"01-05", b"01-32"), 0, "days", "missing or wrong"),
        ("problem.json", HEAD[:-1] + b', "entries": 1}', 0, "entries", "does not know"),
        ("problem.json", HEAD[:-1] + b', "entry": -1}', 0, "entry", "missing or wrong"),
        ("problem.json", HEAD[:-1] + b', "entry": true}', 0, "entry", "missing or wrong"),
        ("problem.json", HEAD[:-1] + b', "max_departments": 0}', 0, "max_departments", "wrong"),
    ],
)
def test_a_fault_names_its_place_and_the_way_out(
    file: str, data: bytes, line: int, column: str, words: str
) -> None:
    fault = faults_of(**{file.replace(".", "_"): data}).faults[0]
    assert (fault.file, fault.line, fault.column) == (file, line, column)
    assert words in fault.reason.en
    assert fault.fix.en
    assert fault.fix.zh


def test_members_must_be_known_and_offer_the_day() -> None:
    caps = b"cap,room,counts\nx,1,entry\n"
    for text, column in (
        (b"cap,request,days\ny,a,\n", "cap"),
        (b"cap,request,days\nx,z,\n", "request"),
        (b"cap,request,days\nx,a,2\n", "days"),
        (b"cap,request,days\nx,a,0-9\n", "days"),
    ):
        (fault,) = faults_of(caps_csv=caps, cap_members_csv=text).faults
        assert (fault.file, fault.line, fault.column) == ("cap_members.csv", 2, column)


def test_faults_of_all_files_are_told_together() -> None:
    bad = faults_of(
        requests_csv=REQUEST + b"\na,mill,fire,7\nb,mill,,0\n",
        capacities_csv=b"department,day,units\nfire,0,x\n",
        visits_csv=b"enterprise,day,points\nmill,9,1\n",
    )
    assert {fault.file for fault in bad.faults} == {"requests.csv", "capacities.csv", "visits.csv"}
    assert bad.total == 4


def test_many_faults_are_counted_and_a_hundred_told() -> None:
    rows = b"".join(b"r%d,mill,fire,9\n" % n for n in range(70_000))
    bad = faults_of(requests_csv=REQUEST + b"\n" + rows)
    assert len(bad.faults) == SHOWN
    assert bad.total == 70_000


def test_files_that_are_missing_are_named() -> None:
    with pytest.raises(BadFiles) as caught:
        read_problem({})
    assert {f.file for f in caught.value.faults} == {
        "problem.json",
        "requests.csv",
        "capacities.csv",
    }


@given(SEEDS, st.data())
@settings(deadline=None)
def test_damaged_files_make_a_problem_or_faults(seed: int, data: st.DataObject) -> None:
    draw = Random(seed)
    files = write_problem(drawn_statement(draw))
    name = draw.choice(sorted(files))
    place = draw.randrange(len(files[name]))
    new = data.draw(st.binary(max_size=3))
    files[name] = files[name][:place] + new + files[name][place + len(new) :]
    found = read_or_faults(files)
    if isinstance(found, BadFiles):
        assert 0 < len(found.faults) <= found.total
    else:
        assert same(read_problem(write_problem(found)), found)


def read_or_faults(files: dict[str, bytes]) -> Statement | BadFiles:
    try:
        return read_problem(files)
    except BadFiles as bad:
        return bad


def test_the_digest_depends_on_the_problem_alone() -> None:
    assert digest(GOOD) == digest({**GOOD, "README.md": b"x"})
    assert digest(GOOD) != digest({**GOOD, "capacities.csv": GOOD["capacities.csv"] + b"\n"})
