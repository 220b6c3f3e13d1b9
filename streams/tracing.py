"""Traces over Kafka: one trace for what became of one request, across processes, where somebody collects them.

The form is OpenTelemetry's and the context of W3C Trace Context travels in the header ``traceparent``. The ledger
keeps no trace: a trace's id is derived from the correlation id that all entries of a matter have, so worker and
relay, days apart, meet in the same trace. A sender that has a trace of its own is believed: taking its
message in belongs to it, with a link to ours.

Spans hold topic, position and type; no subject, person or content. Records for outsiders get no header, because
records of one trace would tell that they belong together. Without ``use`` nothing here does anything, and no package
is imported; the packages are the extra ``otel``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from schemas.topics import LEDGER

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, SpanContext, Tracer

    from streams.outside import Record

HEADER: Final = "traceparent"
SCOPE: Final = "wurao"

Headers = list[tuple[str, bytes]]
Given = Mapping[str, bytes] | Iterable[tuple[str, bytes]] | None
Address = tuple[str, int]
"""A topic's name and a position: one record of the house."""


class Taken(Protocol):
    """A record as a client of Kafka hands it over."""

    topic: str
    value: bytes | None
    headers: Any


class Traces:
    """Makes spans of what goes through topics."""

    def __init__(self, tracer: Tracer) -> None:
        from opentelemetry import propagate, trace  # noqa: PLC0415 - an extra

        self._tracer = tracer
        self._trace = trace
        self._inject = propagate.inject
        self._extract = propagate.extract

    def sent(self, topic: str, body: bytes) -> Headers:
        """Note that a command is sent; return the headers that carry its trace on."""
        correlation, type_ = _read(body)
        span = self._tracer.start_span(
            f"send {topic}",
            context=self.derived(correlation),
            kind=self._trace.SpanKind.PRODUCER,
            attributes={**_messaging(topic, "send"), "wurao.type": type_},
        )
        span.end()
        return self._carried(self._trace.set_span_in_context(span))

    @contextmanager
    def taken(self, records: Iterable[Taken]) -> Iterator[None]:
        """Make a span for each record that is taken through the ledger within a block."""
        spans: list[Span] = []
        for record in records:
            correlation, type_ = _read(record.value or b"")
            ours, theirs = self.derived(correlation), self._given(record.headers)
            links = () if theirs is None else (self._trace.Link(self._place(ours)),)
            spans.append(
                self._tracer.start_span(
                    f"process {record.topic}",
                    context=theirs or ours,
                    kind=self._trace.SpanKind.CONSUMER,
                    links=links,
                    attributes={**_messaging(record.topic, "process"), "wurao.type": type_},
                )
            )
        with self._ending(spans):
            yield

    @contextmanager
    def published(self, records: Sequence[Record]) -> Iterator[Mapping[Address, Headers]]:
        """Make a span for each entry that is published within a block; give the headers of each."""
        spans: list[Span] = []
        found: dict[Address, Headers] = {}
        for record in records:
            if record.topic.name != LEDGER.name:
                continue
            correlation, type_ = _read(record.value)
            span = self._tracer.start_span(
                f"publish {record.topic.name}",
                context=self.derived(correlation),
                kind=self._trace.SpanKind.PRODUCER,
                attributes={
                    **_messaging(record.topic.name, "send"),
                    "wurao.type": type_,
                    "wurao.position": record.position,
                },
            )
            spans.append(span)
            found[record.topic.name, record.position] = self._carried(
                self._trace.set_span_in_context(span)
            )
        with self._ending(spans):
            yield found

    @contextmanager
    def _ending(self, spans: Sequence[Span]) -> Iterator[None]:
        """End spans with a block; a block that fails makes them failed."""
        try:
            yield
        except BaseException as error:
            for span in spans:
                span.set_status(self._trace.StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            for span in spans:
                span.end()

    def derived(self, correlation: str) -> Context:
        """Return the context of a matter: trace and parent are hashes of its correlation id."""
        digest = hashlib.sha256(f"wurao.trace/{correlation}".encode()).digest()
        context = self._trace.SpanContext(
            trace_id=int.from_bytes(digest[:16], "big") or 1,
            span_id=int.from_bytes(digest[16:24], "big") or 1,
            is_remote=True,
            trace_flags=self._trace.TraceFlags(self._trace.TraceFlags.SAMPLED),
        )
        return self._trace.set_span_in_context(self._trace.NonRecordingSpan(context))

    def _carried(self, context: Context) -> Headers:
        carrier: dict[str, str] = {}
        self._inject(carrier, context)
        return [(name, value.encode()) for name, value in carrier.items() if name == HEADER]

    def _place(self, context: Context) -> SpanContext:
        return self._trace.get_current_span(context).get_span_context()

    def _given(self, headers: Given) -> Context | None:
        """Return the context that a sender gave, if it gave one that can be read."""
        texts = {name: value for name, value in _pairs(headers) if name == HEADER}
        context = self._extract({name: value.decode("latin-1") for name, value in texts.items()})
        return context if self._place(context).is_valid else None


_traces: Traces | None = None


def use(traces: Traces | None) -> None:
    """Let this process make spans from now on, or no more."""
    global _traces  # noqa: PLW0603 - one process, one collector
    _traces = traces


def sent(topic: str, body: bytes) -> Headers:
    """Return the headers that carry a command's trace; none where nobody collects traces."""
    return [] if _traces is None else _traces.sent(topic, body)


@contextmanager
def taken(records: Iterable[Taken]) -> Iterator[None]:
    """Make spans for records that are taken in within a block, where somebody collects them."""
    if _traces is None:
        yield
    else:
        with _traces.taken(records):
            yield


@contextmanager
def published(records: Sequence[Record]) -> Iterator[Mapping[Address, Headers]]:
    """Make spans for entries that are published within a block; give the headers of each."""
    if _traces is None:
        yield {}
    else:
        with _traces.published(records) as found:
            yield found


def _messaging(topic: str, operation: str) -> dict[str, str]:
    """Return the attributes of OpenTelemetry's conventions for messaging."""
    return {
        "messaging.system": "kafka",
        "messaging.destination.name": topic,
        "messaging.operation.type": operation,
    }


def _pairs(given: Given) -> Iterable[tuple[str, bytes]]:
    """Return headers as pairs, whichever of its two forms a client has."""
    return given.items() if isinstance(given, Mapping) else given or ()


def _read(body: bytes) -> tuple[str, str]:
    """Return correlation id and type of a command or an entry; of other bytes their hash."""
    try:
        told = json.loads(body)
        correlation = told.get("correlationid") or told["id"]
        return str(correlation), str(told["type"])
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return hashlib.sha256(body).hexdigest(), "unreadable"
