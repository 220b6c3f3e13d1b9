"""Traces: one for a matter wherever it goes, a sender's own is kept, and without a collector there is nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from schemas.topics import AUDIENCES, LEDGER
from streams import tracing
from streams.outside import Record

TOPIC = "wurao.t.intake.requests.fire"
THEIRS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Arrived:
    """A record as it comes from a topic."""

    value: bytes | None
    headers: tracing.Headers = field(default_factory=list)
    topic: str = TOPIC


def body(**told: object) -> bytes:
    return json.dumps({"type": "cn.wurao.request.submit.v1", **told}).encode()


@pytest.fixture
def collected() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(tracing.Traces(provider.get_tracer(tracing.SCOPE)))
    yield exporter
    tracing.use(None)


def told(exporter: InMemorySpanExporter) -> list[tuple[str, int]]:
    found = exporter.get_finished_spans()
    return [(span.name, span.context.trace_id) for span in found if span.context]


def test_sent_taken_and_published_are_one_trace(collected: InMemorySpanExporter) -> None:
    headers = tracing.sent(TOPIC, body(id="c1"))
    with tracing.taken([Arrived(body(id="c1"), headers)]):
        pass
    entry = Record(LEDGER, b"k", body(id="e1", correlationid="c1"), 7)
    with tracing.published([entry]) as carried:
        assert list(carried) == [(LEDGER.name, 7)]
    names, ids = zip(*told(collected), strict=True)
    assert names == (f"send {TOPIC}", f"process {TOPIC}", f"publish {LEDGER.name}")
    assert len(set(ids)) == 1
    sent, taken, published = collected.get_finished_spans()
    assert taken.parent
    assert sent.context
    assert taken.parent.span_id == sent.context.span_id
    assert (published.attributes or {})["wurao.position"] == 7
    assert [name for name, _ in headers] == [tracing.HEADER]


def test_a_sender_s_own_trace_goes_on_with_a_link_to_ours(collected: InMemorySpanExporter) -> None:
    with tracing.taken([Arrived(body(id="c1"), [(tracing.HEADER, THEIRS.encode())])]):
        pass
    tracing.sent(TOPIC, body(id="c1"))
    taken, ours = collected.get_finished_spans()
    assert taken.context
    assert ours.context
    assert f"{taken.context.trace_id:032x}" == THEIRS.split("-")[1]
    assert [link.context.trace_id for link in taken.links] == [ours.context.trace_id]


@pytest.mark.parametrize("value", [None, b"", b"\xff", b"[]", b'{"type": 1}', b"[" * 100_000])
@pytest.mark.parametrize("header", [b"", b"00-zz", b"\xff\xfe"])
def test_nothing_that_a_stranger_sends_stops_it(
    collected: InMemorySpanExporter, value: bytes | None, header: bytes
) -> None:
    with tracing.taken([Arrived(value, [(tracing.HEADER, header)])]):
        pass
    (span,) = collected.get_finished_spans()
    assert (span.attributes or {})["wurao.type"] == "unreadable"


def test_outsiders_learn_nothing_of_what_belongs_together(collected: InMemorySpanExporter) -> None:
    outward = [Record(topic, b"k", body(id="e", correlationid="c1"), 3) for topic in AUDIENCES]
    with tracing.published(outward) as carried:
        assert not carried
    assert not collected.get_finished_spans()


def test_a_block_that_fails_makes_its_spans_failed(collected: InMemorySpanExporter) -> None:
    with pytest.raises(RuntimeError), tracing.taken([Arrived(body(id="c1"))]):
        raise RuntimeError
    (span,) = collected.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "RuntimeError")


def test_no_span_holds_content_or_whom_it_is_about(collected: InMemorySpanExporter) -> None:
    tracing.sent(TOPIC, body(id="c1", subject="request/9", data={"contact_phone": "13800000000"}))
    (span,) = collected.get_finished_spans()
    shown = span.to_json()
    assert "13800000000" not in shown
    assert "request/9" not in shown


def test_without_a_collector_nothing_is_made_and_nothing_imported() -> None:
    assert tracing.sent(TOPIC, body(id="c1")) == []
    with tracing.taken([Arrived(b"")]), tracing.published([]) as carried:
        assert carried == {}
    program = "import sys, portal.running.processes; print('opentelemetry' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={}
    )
    assert done.stdout == "False\n"
