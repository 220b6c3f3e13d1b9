"""引用清单. Codes that people cite: an exemption for a first offence, a violation, officials' conduct."""

from __future__ import annotations

from collections.abc import Collection

from scheduler import keys
from scheduler.decide.common import Refusal
from scheduler.refusals import objection
from scheduler.states import TallyState
from scheduler.view import View
from schemas.code_lists import CodeEntry, CodeList, CodeListKind
from schemas.tallies import TallyChange
from schemas.visits import Outcome

_BY_OUTCOMES = frozenset({CodeListKind.EXEMPTIONS, CodeListKind.VIOLATIONS})
_PENALTY = "penalty_case"


def cited(outcome: Outcome, stream: str, view: View) -> tuple[str, ...]:
    """Return those codes of a result that spare a first offence only, though the ledger has one before.

    They are no reason to refuse: how to use its discretion is the department's to say, and the
    repetition stands on record beside it.

    Raises:
    ------
    Refusal
        If a code is in no list in use, or does not fit: conduct of officials is no result of a visit,
        and what is exempt was found and goes without a penalty.
    """
    found = [(code, *_entry(code, _BY_OUTCOMES, stream, view)) for code in outcome.cites]
    spared = [code for code, kind, _ in found if kind is CodeListKind.EXEMPTIONS]
    clean = all(each.compliant for each in outcome.findings)
    if spared and (clean or outcome.measure == _PENALTY):
        raise Refusal(stream, objection("code-unfit", cited=", ".join(spared)))
    return tuple(code for code, _, entry in found if entry.first_only)


def repeated(codes: Collection[str], enterprise: str, view: View) -> tuple[str, ...]:
    """Return those codes that were cited against an enterprise before."""
    view.need(*(keys.offences(enterprise, code) for code in codes))
    return tuple(
        code
        for code in codes
        if (view.find(TallyState, keys.offences(enterprise, code)) or TallyState()).used
    )


def counted(outcome: Outcome, enterprise: str) -> tuple[TallyChange, ...]:
    """Return the tallies that a result's codes raise, each code once."""
    codes = sorted(set(outcome.cites))
    return tuple(TallyChange(key=keys.offences(enterprise, code), used=1) for code in codes)


def conduct(code: str | None, stream: str, view: View) -> None:
    """Refuse a code that is in no list of officials' conduct 负面清单."""
    if code is not None:
        _entry(code, {CodeListKind.CONDUCT}, stream, view)


def _entry(
    cite: str, kinds: Collection[CodeListKind], stream: str, view: View
) -> tuple[CodeListKind, CodeEntry]:
    name, _, code = cite.rpartition(":")
    known = view.find(CodeList, keys.code_list(name)) if name else None
    entry = known.entry(code) if known is not None else None
    if known is None or entry is None:
        raise Refusal(stream, objection("unknown-code", cited=cite))
    if known.kind not in kinds:
        raise Refusal(stream, objection("code-unfit", cited=cite))
    return known.kind, entry
