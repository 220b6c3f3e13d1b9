"""Names of a problem, and the numbers by which the arrays know what they name."""

from scheduler.exchange.statement import Ints, Statement
from scheduler.planner.instance import Instance
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    DayClosed,
    Event,
    Late,
    Unfit,
)


class Names:
    """What stays of a statement beside its arrays.

    Parameters
    ----------
    ids
        Of all requests that there ever were, in the order in which they came; `number` leads back
        from an id that is in use.
    ask_of
        The ask of each request.
    groups, groups_of
        The group of an (enterprise, party), and the groups of an enterprise.
    priced
        Points of visits by (enterprise, party, day), where they are not `entry`.
    caps
        How many caps there are.
    """

    def __init__(self, statement: Statement, request: Ints, instance: Instance) -> None:
        self.days = len(statement.days)
        self.entry, self.unplaced = statement.entry, statement.unplaced
        self.max_departments = statement.max_departments
        self.ids = list(statement.ids)
        self.number = {name: number for number, name in enumerate(statement.ids)}
        self.ask_of = request.argsort().astype(request.dtype)
        self.enterprises = {name: k for k, name in enumerate(statement.enterprises)}
        self.departments = {name: k for k, name in enumerate(statement.departments)}
        self.parties = {name: k for k, name in enumerate(statement.parties)}
        self.cap = {name: k for k, name in enumerate(statement.caps.names)}
        self.caps = len(self.cap)
        self.counts_entries: list[bool] = statement.caps.counts_entries.tolist()
        self.priced = {(e, p, t): points for e, p, t, points in statement.priced_visits.tolist()}
        first = request[instance.group_first[:-1]]
        pairs = zip(
            statement.enterprise[first].tolist(), statement.party[first].tolist(), strict=True
        )
        self.groups: dict[tuple[int, int], int] = {}
        self.groups_of: dict[int, list[int]] = {}
        for pair in pairs:
            self.add_group(*pair)

    def add_group(self, enterprise: int, party: int) -> int:
        """Number the next group."""
        group = self.groups[enterprise, party] = len(self.groups)
        self.groups_of.setdefault(enterprise, []).append(group)
        return group

    def ask(self, request: str) -> int:
        """Return the ask of a request."""
        return int(self.ask_of[self.number[request]])

    def check(self, event: Event) -> None:
        """Refuse what does not fit the problem.

        Raises:
            Unfit: With the name that is unknown, or the number that cannot be.
        """
        match event:
            case Cancelled(request=request):
                _known(request, self.number, "request")
            case CapChanged(cap=cap):
                _known(cap, self.cap, "cap")
            case DayClosed(enterprise=enterprise, day=day):
                _known(enterprise, self.enterprises, "enterprise")
                self._check_day(day)
            case CapacityChanged(department=department, day=day, units=units):
                _known(department, self.departments, "department")
                self._check_day(day)
                if units < 0:
                    raise Unfit(f"units {units}: 0 or more")
            case Late():
                self._check_late(event)

    def _check_day(self, day: int) -> None:
        if not 0 <= day < self.days:
            raise Unfit(f"day {day}: 0 to {self.days - 1}")

    def _check_late(self, late: Late) -> None:
        _known(late.department, self.departments, "department")
        for cap in late.caps:
            _known(cap, self.cap, "cap")
        if late.request in self.number:
            raise Unfit(f"request {late.request!r} is there already")
        days = [choice.day for choice in late.choices]
        for day in days:
            self._check_day(day)
        if sorted(set(days)) != days or len(set(late.caps)) != len(late.caps):
            raise Unfit(f"request {late.request!r}: each day once and ascending, each cap once")
        if late.pinned is not None and late.pinned not in days:
            raise Unfit(f"request {late.request!r}: pinned to {late.pinned}, none of its choices")
        amounts = (late.duration, late.weight, late.unplaced or 0)
        if min(*amounts, *(min(choice) for choice in late.choices), 0) < 0:
            raise Unfit(f"request {late.request!r}: numbers below 0")


def _known(name: str, names: dict[str, int], what: str) -> None:
    if name not in names:
        raise Unfit(f"no {what} {name!r}")
