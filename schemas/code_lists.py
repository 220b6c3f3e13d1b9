"""清单. Lists whose codes people cite: exemptions 免罚清单, violations, conduct 负面清单, powers, duties."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, model_validator

from schemas.base import Bilingual, Count, Frozen, Id, Text


class CodeListKind(StrEnum):
    """What a list is of, and so who may cite it.

    Outcomes of visits cite exemptions and violations; findings about officials cite conduct. Powers and
    duties are published beside them (权力、责任、负面三张清单).
    """

    EXEMPTIONS = "exemptions"
    VIOLATIONS = "violations"
    CONDUCT = "conduct"
    POWERS = "powers"
    DUTIES = "duties"


class CodeEntry(Frozen):
    """One line of a list. ``first_only``: it spares an enterprise the first time only (首违不罚)."""

    code: Id
    text: Text
    basis: Text
    first_only: bool = False


class CodeList(Frozen):
    """A list as it was adopted; a newer version takes its place. It is cited as ``id:code``."""

    id: Id
    version: Count
    kind: CodeListKind
    title: Bilingual
    source: Text
    entries: tuple[CodeEntry, ...] = Field(min_length=1, max_length=1000)

    @model_validator(mode="after")
    def _no_code_twice(self) -> CodeList:
        codes = [entry.code for entry in self.entries]
        if len(set(codes)) != len(codes):
            msg = "代码重复 / a code is listed twice"
            raise ValueError(msg)
        return self

    def entry(self, code: str) -> CodeEntry | None:
        """Return the entry of a code, ``None`` when the list has none such."""
        return next((entry for entry in self.entries if entry.code == code), None)
