"""Events as lines of a table: what is written is read again, and what is wrong is told with its line."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.exchange.faults import BadFiles
from scheduler.exchange.generate import make
from scheduler.planner.replan.event_files import kind_of, read_events, write_events
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    Choice,
    DayClosed,
    Late,
)
from tests.scheduler.exchange.worlds import drawn_statement
from tests.scheduler.planner.replan.worlds import drawn_event

WEEK = make(4, 2, 5, seed=1)


@given(st.integers(0, 2**32))
def test_what_is_written_is_read_again(seed: int) -> None:
    draw = Random(seed)
    statement = drawn_statement(draw)
    events = [drawn_event(draw, statement, number) for number in range(5)]
    lines = read_events("events.csv", write_events(events), statement)
    assert [line.event for line in lines] == events
    assert [line.number for line in lines] == [2, 3, 4, 5, 6]


def test_a_stranger_can_write_them() -> None:
    text = (
        "event,request,enterprise,department,day,units,choices,duration,caps,cap,room\n"
        "cancelled,R1,,,,,,,,,\n"
        "late,N1,mill,fire,,,0-1:2 3:0:1,2,city;fire 2,,\n"
        "capacity,,,fire,3,10,,,,,\n"
        "closed,,mill,,4,,,,,,\n"
        "cap,,,,,,,,,city,-1\n"
    )
    events = [line.event for line in read_events("e.csv", text.encode(), WEEK)]
    assert events == [
        Cancelled(request="R1"),
        Late(
            request="N1",
            enterprise="mill",
            department="fire",
            choices=(Choice(0, 2, 2), Choice(1, 2, 2), Choice(3, 0, 1)),
            duration=2,
            caps=("city", "fire 2"),
        ),
        CapacityChanged(department="fire", day=3, units=10),
        DayClosed(enterprise="mill", day=4),
        CapChanged(cap="city", room=-1),
    ]
    assert [kind_of(event) for event in events] == [
        "cancelled",
        "late",
        "capacity",
        "closed",
        "cap",
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("event,request\ngone,R1\n", 2, "event"),
        ("event,request\ncancelled,R1\ncancelled,\n", 3, "request"),
        ("event,enterprise,day\nclosed,mill,5\n", 2, "day"),
        ("event,enterprise,day\nclosed,mill,\n", 2, "day"),
        ("event,request,day\ncancelled,R1,2\n", 2, "day"),
        ("event,cap,room\ncap,city,\n", 2, "room"),
        ("event,colour\ncancelled,red\n", 1, "colour"),
        ("event,request,enterprise,department,choices\nlate,a,b,c,0-9\n", 2, "choices"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, column: str) -> None:
    with pytest.raises(BadFiles) as told:
        read_events("e.csv", text.encode(), WEEK)
    assert (told.value.faults[0].line, told.value.faults[0].column) == (line, column)


def test_choices_may_be_empty_but_the_column_is_needed_by_nobody_else() -> None:
    text = "event,request,enterprise,department,choices\nlate,a,b,c,\ncancelled,R1,,,\n"
    late, cancelled = read_events("e.csv", text.encode(), WEEK)
    assert late.event == Late(request="a", enterprise="b", department="c", choices=())
    assert cancelled.event == Cancelled(request="R1")
