"""Enterprises with a mark, for the stories of differentiated supervision."""

from __future__ import annotations

from datetime import date
from typing import Any

from schemas.registry import Enterprise, Mark, MarkKind, Treatment
from tests.builders import an_enterprise


def a_firm_with(kind: MarkKind, **changes: Any) -> Enterprise:  # noqa: ANN401 - any field of the mark
    """Return an enterprise that is marked for 2026 and half of 2027."""
    fields = {"since": date(2026, 1, 1), "until": date(2027, 6, 30), "basis": "名单", **changes}
    marks = (Mark(id="m-1", kind=kind, **fields),)
    return an_enterprise(treatment=Treatment(marks=marks))
