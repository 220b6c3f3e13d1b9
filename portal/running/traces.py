"""Traces to a collector, where the environment names one: OpenTelemetry's own variables, none of ours.

    OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318

Without it nothing is imported. With it the extra ``otel`` must be installed; where it is not, the process says so
and works without.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Final

import structlog

from streams import tracing

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

_log = structlog.get_logger(__name__)


@contextmanager
def traced(process: str) -> Iterator[None]:
    """Hand the spans of a process to the collector within a block; what is left over goes at its end."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - likewise
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - likewise
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - likewise
    except ImportError as error:
        _log.warning("no-traces", missing=error.name, mend="pip install 'wurao[otel]'")
        yield
        return
    version = metadata.version("wurao")
    named = {"service.name": f"wurao-{process}", "service.version": version}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracing.use(tracing.Traces(provider.get_tracer(tracing.SCOPE, version)))
    try:
        yield
    finally:
        tracing.use(None)
        provider.shutdown()
