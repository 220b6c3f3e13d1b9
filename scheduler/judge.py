"""The judge: all rules of a case together, and what each objection means for it.

Three things can become of an objection. It binds; it was lifted by name, by somebody who may; or it
is advice, because the cap is only reported or because the city has no say over the department.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler import caps, gates
from scheduler.candidates import closing_rules
from scheduler.cases import Case
from scheduler.refusals import objection
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from scheduler.workdays import CalendarMissing
from schemas.objections import Objection
from schemas.policy import Cap
from schemas.registry import Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All objections to a case, by what they mean."""

    binding: tuple[Objection, ...] = ()
    lifted: tuple[Objection, ...] = ()
    advice: tuple[Objection, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether nothing binding stands in the way."""
        return not self.binding


def judge(
    case: Case,
    day: date,
    rules: RuleSet,
    *,
    lifted: Collection[str] = (),
    tallies: Mapping[str, TallyState] | None = None,
    held: Collection[str] = (),
    officers: Collection[Officer] | None = None,
) -> Verdict:
    """Judge a case on a day, by the rules of that day.

    ``lifted`` are the codes that approvals lift; ``tallies`` hold the cells of the caps' keys
    (``caps.uses``), ``held`` those of them in which the case has its unit already. Without
    ``tallies`` no cap is judged, without ``officers`` no team.
    """
    found = [*gates.at_intake(case, rules, day), *_on_day(case, day, rules)]
    if officers is not None:
        found += gates.for_team(case, officers, day, rules)
    if tallies is not None:
        found += caps.objections(caps.uses(case, day, rules), tallies, held)
    return _verdict(found, case, rules, day, lifted)


def judge_request(
    case: Case,
    rules: RuleSet,
    tallies: Mapping[str, TallyState] | None = None,
    uses: Sequence[caps.CapUse] | None = None,
) -> Verdict:
    """Judge a request at intake, before it has a day.

    What it asks to lift counts as lifted: the approval that lifts it is still to come. Caps are
    those that intake reserves (``reserved_at_intake``); ``uses`` are they, from who has them at hand.
    When no day of its window is open, the rules that close its days bind, each once; a visit of an
    exempt lane is only advised of it, because a lawful duty that finds no day goes to a named person
    instead of being refused.
    """
    day, asked = case.first_day, case.asked
    found = list(gates.at_intake(case, rules))
    if tallies is not None:
        taken = reserved_at_intake(case, rules) if uses is None else uses
        found += caps.objections(taken, tallies)
    found += _not_liftable(case, rules)
    verdict = _verdict(found, case, rules, day, asked)
    closing = closing_rules(case, rules, lifted=asked)
    if case.request.lane.exempt:
        return replace(verdict, advice=(*verdict.advice, *closing))
    return replace(verdict, binding=(*verdict.binding, *closing))


def reserved_at_intake(case: Case, rules: RuleSet) -> tuple[caps.CapUse, ...]:
    """Return the cap uses that an accepted request reserves, in the year its window starts."""
    return caps.uses(case, case.first_day, rules, caps.known_at_intake)


def _on_day(case: Case, day: date, rules: RuleSet) -> tuple[Objection, ...]:
    try:
        return gates.on_day(case, day, rules)
    except CalendarMissing as missing:
        return (objection("calendar-missing", year=missing.year),)


def _verdict(
    found: Iterable[Objection], case: Case, rules: RuleSet, day: date, lifted: Collection[str]
) -> Verdict:
    binding: list[Objection] = []
    waived: list[Objection] = []
    advice: list[Objection] = []
    for against in found:
        if not case.bound or _only_reported(against, rules, day):
            advice.append(against)
        elif against.rule in lifted and against.liftable_by:
            waived.append(against)
        else:
            binding.append(against)
    return Verdict(binding=tuple(binding), lifted=tuple(waived), advice=tuple(advice))


def _only_reported(against: Objection, rules: RuleSet, day: date) -> bool:
    rule = rules.rule(against.rule, day)
    return isinstance(rule, Cap) and not rule.binding


def _not_liftable(case: Case, rules: RuleSet) -> tuple[Objection, ...]:
    """Refuse the wish to lift a rule that nobody may lift, or that there is none of."""
    known = ((code, rules.rule(code, case.first_day)) for code in sorted(case.asked))
    return tuple(
        objection("not-liftable", rule=code)
        for code, rule in known
        if rule is None or not rule.liftable_by
    )
