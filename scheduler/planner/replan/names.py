"""Names of a problem, and the numbers by which the arrays know what they name."""

from typing import Final

from scheduler.exchange.faults import Said
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
                _known("request", request, self.number)
            case CapChanged(cap=cap):
                _known("cap", cap, self.cap)
            case DayClosed(enterprise=enterprise, day=day):
                _known("enterprise", enterprise, self.enterprises)
                self._check_day("day", day)
            case CapacityChanged(department=department, day=day, units=units):
                _known("department", department, self.departments)
                self._check_day("day", day)
                _check_amount("units", units)
            case Late():
                self._check_late(event)

    def _check_day(self, column: str, day: int) -> None:
        if not 0 <= day < self.days:
            last = self.days - 1
            raise Unfit(column, day, _NO_DAY, Said(f"写 0 到 {last}", f"write 0 to {last}"))

    def _check_late(self, late: Late) -> None:
        if late.request in self.number:
            raise Unfit("request", late.request, _TAKEN, Said("换一个编号", "give it another id"))
        _known("department", late.department, self.departments)
        for cap in late.caps:
            _known("caps", cap, self.cap)
        if len(set(late.caps)) < len(late.caps):
            raise Unfit("caps", "; ".join(late.caps), _TWICE, _ONCE)
        days = [choice.day for choice in late.choices]
        for choice in late.choices:
            self._check_day("choices", choice.day)
            _check_amount("choices", min(choice))
        if sorted(set(days)) != days:
            raise Unfit("choices", days, _TWICE, _ONCE)
        if late.pinned is not None and late.pinned not in days:
            raise Unfit("pinned", late.pinned, _FOREIGN_PIN, Said("加进 choices", "add it there"))
        _check_amount("duration", late.duration)
        _check_amount("weight", late.weight)
        _check_amount("unplaced", late.unplaced or 0)


def _known(column: str, name: str, names: dict[str, int]) -> None:
    if name not in names:
        raise Unfit(column, name, _UNKNOWN, Said("改成问题中的名称", "use a name of the problem"))


def _check_amount(column: str, amount: int) -> None:
    if amount < 0:
        raise Unfit(column, amount, _BELOW, Said("写 0 或以上", "write 0 or more"))


_UNKNOWN: Final = Said("问题中没有", "not in the problem")
_NO_DAY: Final = Said("不在日程内", "outside the horizon")
_TAKEN: Final = Said("已有此申请", "a request that is there already")
_TWICE: Final = Said("重复或次序颠倒", "repeated, or not ascending")
_ONCE: Final = Said("每项一次, 由小到大", "once each, ascending")
_FOREIGN_PIN: Final = Said("不在 choices 之中", "not among the choices")
_BELOW: Final = Said("小于 0", "below 0")
