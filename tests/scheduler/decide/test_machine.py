"""Random people at random times: whatever they do, the books must stay true.

The machine draws commands that are often refused. After each one the tallies are worked out anew
from the requests and visits alone; at the end the log is folded from zero and audited.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scheduler import keys
from scheduler.audit import Auditor
from scheduler.decide.stations import missing
from scheduler.evolve import evolve
from scheduler.states import DeadlineState, RequestState, TallyState, VisitState, VisitStatus
from scheduler.view import Claims, Decision
from schemas import commands as c
from schemas.events import Event
from schemas.lanes import Ground, HalfDay, Lane, Purpose
from schemas.plans import Answer, AnswerKind
from schemas.visits import Closing, Filing, NoEntry, Rating, Request, Role, Window
from schemas.visits import Decision as Verdict
from tests.builders import a_cause, a_department, a_request, a_uscc, an_enterprise
from tests.stories import clerk, escalated, gate, genuine, head, scan
from tests.worlds import LEADER, OFFICE, TIMER, World, at

DEPARTMENTS = ("fire", "health")
SERVICE_DAYS = tuple(date(2026, 12, day) for day in (25, 28, 29, 30, 31))
ENTERED = {VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED}
PICK = st.integers(0, 999)


Asked = dict[str, Any]
ASKED = st.fixed_dictionaries(
    {
        "lane": st.sampled_from((Lane.ROUTINE, Lane.ROUTINE, *Lane)),
        "department": st.sampled_from(DEPARTMENTS),
        "number": st.integers(1, 2),
        "purpose": st.sampled_from((Purpose.INSPECTION, Purpose.INSPECTION, Purpose.SERVICE)),
        "announced": st.booleans(),
        "lift": st.sampled_from((("service-week",), ("twice-a-year", "service-week"))),
    }
)


def a_wish(asked: Asked, today: date) -> Request:
    """Return the request that was drawn, with what its lane needs."""
    lane, home = asked["lane"], asked["department"]
    window = Window(first=SERVICE_DAYS[0], last=SERVICE_DAYS[-1])
    cause = a_cause() if lane is Lane.STATUTORY else None
    if lane is Lane.EMERGENCY:
        window, cause = Window(first=today, last=today), a_cause(Ground.IMMINENT_DANGER)
    changes = {
        "lane": lane,
        "department": home,
        "enterprise": a_uscc(asked["number"]),
        "items": ("item-1" if home == "fire" else "item-1-health",),
        "purpose": asked["purpose"],
        "announced": asked["announced"],
        "window": window,
        "cause": cause,
    }
    urgent = escalated(*asked["lift"]) if lane is Lane.ESCALATED else a_request()
    return urgent.model_copy(update=changes)


class Chronicle(World):
    """A world that also notes when each event happened, and who brought it about."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, Event, datetime, Any]] = []

    def do(self, command: Any, actor: Any = OFFICE, when: Any = None, **more: Any) -> Decision:  # noqa: ANN401
        decision = super().do(command, actor, when or at(date(2026, 12, 1)), **more)
        moment = when or at(date(2026, 12, 1))
        self.told += [(stream, event, moment, actor) for stream, event in decision.events]
        return decision


class Loop(RuleBasedStateMachine):
    """A month of two departments, two enterprises and everybody else."""

    @initialize(drawn=st.lists(ASKED, min_size=3, max_size=8), planned=st.integers(0, 3))
    def begin(self, drawn: list[Asked], planned: int) -> None:
        self.now = at(date(2026, 12, 1))
        world = Chronicle.adopted()
        assert isinstance(world, Chronicle)
        self.world = world
        self.world.with_department(a_department(id="health", name="卫健"))
        self.world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
        for asked in drawn:
            self.submit(asked, eager=True)
        if planned:
            self.draft()
            self.publish()

    def ask(self, command: Any, actor: Any, **more: Any) -> Decision:  # noqa: ANN401
        self.now += timedelta(minutes=1)
        return self.world.do(command, actor, self.now, **more)

    def a_request_id(self, pick: int) -> str:
        known = sorted(
            s.id for s in self.world.of_kind(RequestState) if s.visit is None or pick % 4
        )
        return known[pick % len(known)] if known else "nothing"

    def a_visit(self, pick: int, *likely: VisitStatus) -> VisitState | None:
        """Return some visit, mostly one that stands where the command expects it."""
        known = self.world.visits()
        fit = [visit for visit in known if visit.status in likely]
        some = fit if fit and pick % 5 else known
        return some[pick % len(some)] if some else None

    @rule(days=st.integers(0, 2), hour=st.integers(7, 20))
    def time_goes_on(self, days: int, hour: int) -> None:
        self.now = at(min(self.now.date() + timedelta(days=days), date(2027, 1, 20)), hour)

    @rule(asked=ASKED, eager=st.booleans())
    def submit(self, asked: Asked, eager: bool) -> None:
        """Ask for a visit; eager people have every yes at once."""
        home = asked["department"]
        decision = self.ask(c.SubmitRequest(request=a_wish(asked, self.now.date())), clerk(home))
        if decision.status != "accepted" or not eager:
            return
        id_ = decision.about.partition("/")[2]
        for role, actor in ((Role.LEADER, LEADER), (Role.HEAD, head(home))):
            self.ask(c.DecideRequest(request=id_, role=role, decision=Verdict.APPROVED), actor)
        self.ask(c.ConfirmOnCall(request=id_), gate(asked["number"]))

    @rule(pick=PICK, role=st.sampled_from((Role.HEAD, Role.HEAD, Role.LEADER)), yes=PICK)
    def decide(self, pick: int, role: Role, yes: int) -> None:
        id_ = self.a_request_id(pick)
        known = self.world.cells[keys.request(id_)]
        actor = LEADER if role is Role.LEADER else head(known.request.department if known else "x")
        verdict = Verdict.APPROVED if yes % 5 else Verdict.REFUSED
        self.ask(c.DecideRequest(request=id_, role=role, decision=verdict), actor)

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        self.ask(c.WithdrawRequest(request=self.a_request_id(pick), reason="x"), clerk())

    @rule(pick=PICK)
    def confirm(self, pick: int) -> None:
        self.ask(c.ConfirmOnCall(request=self.a_request_id(pick)), gate(1 + pick % 2))

    @rule(pick=PICK, day=st.sampled_from((None, *SERVICE_DAYS)))
    def arrange(self, pick: int, day: date | None) -> None:
        waiting = [
            s.id
            for s in self.world.of_kind(RequestState)
            if s.request.lane is not Lane.ROUTINE and s.status == "accepted"
        ]
        id_ = waiting[pick % len(waiting)] if waiting and pick % 5 else self.a_request_id(pick)
        command = c.ArrangeVisit(request=id_, day=day or self.now.date())
        self.ask(command, OFFICE)

    @rule()
    def draft(self) -> None:
        self.now = max(self.now, at(date(2026, 12, 10)))
        self.ask(c.CloseMonth(month="2026-12"), OFFICE)
        month = self.world.cells[keys.month("2026-12")]
        if month.published or self.now.date() > date(2026, 12, 24):
            return
        body = self.world.body("2026-12")
        self.ask(c.DraftPlan(month="2026-12", version=month.drafted + 1, body=body), OFFICE)

    @rule(pick=PICK, kind=st.sampled_from(AnswerKind))
    def answer(self, pick: int, kind: AnswerKind) -> None:
        month = self.world.cells[keys.month("2026-12")]
        state = self.world.cells[keys.draft("2026-12", month.drafted)] if month else None
        if state is None or not state.body.lines:
            return
        line = state.body.lines[pick % len(state.body.lines)]
        given = Answer(department=line.lead, visit=line.visit, kind=kind, reason="x")
        command = c.AnswerPlan(month="2026-12", version=state.version, answers=(given,))
        self.ask(command, clerk(line.lead))

    @precondition(lambda self: self.world.cells[keys.month("2026-12")])
    @rule()
    def publish(self) -> None:
        month = self.world.cells[keys.month("2026-12")]
        self.now = max(self.now, at(date(2026, 12, 16)))
        self.ask(c.PublishPlan(month="2026-12", version=month.drafted), OFFICE)

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK)
    def prepare(self, pick: int) -> None:
        """Staff a visit as it should be, and issue its code."""
        half = HalfDay.MORNING if pick % 3 else HalfDay.AFTERNOON
        self.staff(pick, {1, 2} if pick % 2 else {3, 4}, half)
        self.code(pick, "issue")

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK, team=st.sets(st.integers(1, 4), min_size=1), half=st.sampled_from(HalfDay))
    def staff(self, pick: int, team: set[int], half: HalfDay) -> None:
        visit = self.a_visit(pick, VisitStatus.PUBLISHED)
        for part in visit.line.parts if visit else ():
            suffix = "" if part.department == "fire" else f"-{part.department}"
            officers = tuple(f"officer-{n}{suffix}" for n in sorted(team))
            command = c.StaffVisit(
                visit=visit.id if visit else "-",
                department=part.department,
                officers=officers,
                half=half,
            )
            self.ask(command, clerk(part.department))

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK, which=st.sampled_from(("issue", "issue", "issue", "revoke", "bind")))
    def code(self, pick: int, which: str) -> None:
        visit = self.a_visit(pick, VisitStatus.PUBLISHED)
        if visit is None:
            return
        commands = {
            "issue": c.IssueCode(visit=visit.id),
            "revoke": c.RevokeCode(visit=visit.id, reason="x"),
            "bind": c.BindCode(visit=visit.id, external=f"HN-{pick % 2}"),
        }
        self.ask(commands[which], OFFICE)

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK, alone=st.booleans(), on_its_day=PICK)
    def enter(self, pick: int, alone: bool, on_its_day: bool) -> None:
        visit = self.a_visit(pick, VisitStatus.PUBLISHED)
        if visit is None or visit.code is None:
            return
        if on_its_day % 4 and visit.status is VisitStatus.PUBLISHED:
            self.now = max(self.now, at(visit.line.day, 10))
        parts = visit.line.parts[:1] if alone else visit.line.parts
        officers = tuple(o for part in parts for o in part.officers) or ("nobody",)
        departments = tuple(part.department for part in parts)
        command = scan(self.world, visit.id, departments=departments, officers=officers)
        self.ask(command, clerk(), claims=genuine(self.world, visit.id))

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        if visit := self.a_visit(pick, VisitStatus.ENTERED):
            self.ask(c.ScanOut(visit=visit.id), OFFICE)

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK, cause=st.sampled_from(NoEntry))
    def no_entry(self, pick: int, cause: NoEntry) -> None:
        if visit := self.a_visit(pick):
            self.ask(c.ReportNoEntry(visit=visit.id, cause=cause, reason="x"), OFFICE)

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if visit := self.a_visit(pick):
            self.ask(c.CancelVisit(visit=visit.id, reason="x"), clerk(DEPARTMENTS[pick % 2]))

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK)
    def rate(self, pick: int) -> None:
        if visit := self.a_visit(pick, VisitStatus.LEFT):
            rating = Rating.model_validate({"grade": "fair"})
            command = c.RateVisit(visit=visit.id, token="t", rating=rating)
            self.ask(command, gate(), claims=Claims(token=visit.id))

    @precondition(lambda self: self.world.visits())
    @rule(pick=PICK)
    def file(self, pick: int) -> None:
        if visit := self.a_visit(pick):
            filing = Filing(number=f"F-{pick}", at=self.now, by="clerk")
            self.ask(c.RecordFiling(visit=visit.id, filing=filing), OFFICE)

    @rule(pick=PICK)
    def lapse(self, pick: int) -> None:
        clocks = sorted(d.id for d in self.world.of_kind(DeadlineState))
        if clocks:
            self.ask(c.LapseDeadline(deadline=clocks[pick % len(clocks)]), TIMER)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def tallies_are_what_requests_and_visits_hold(self) -> None:
        found = {
            key: (state.reserved, state.used)
            for key, state in self.world.cells.items()
            if isinstance(state, TallyState) and state != TallyState()
        }
        assert found == expected(self.world)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for key, state in self.world.cells.items():
            if key.startswith("tally/officer/"):
                assert state.reserved + state.used <= 1, key

    @invariant()
    def nothing_stands_above_the_cap_but_what_was_let_in_or_waits_for_its_approval(self) -> None:
        counted: dict[str, set[tuple[str, date]]] = {}
        for visit in self.world.visits():
            for part, _ in standing(visit):
                for key in part.caps:
                    above = keys.lifted(key) in part.caps or visit.approval_to_follow
                    if key.startswith("tally/cap/") and not key.endswith("/lifted") and not above:
                        counted.setdefault(key, set()).add((visit.line.enterprise, visit.line.day))
        assert all(len(units) <= 2 for units in counted.values()), counted

    @invariant()
    def every_entry_has_its_stations_or_an_open_clock(self) -> None:
        clocks = {(d.rule, d.about): d.status for d in self.world.of_kind(DeadlineState)}
        for visit in self.world.visits():
            if visit.status not in ENTERED:
                continue
            about = [keys.visit(visit.id), *map(keys.request, visit.line.parts[0].requests)]
            rules_ = ("filing-emergency", "filing-escalated")
            waits = {clocks.get((code, stream)) for code in rules_ for stream in about}
            assert visit.filing is not None or waits & {"open", "lapsed"}
            assert visit.approvals or visit.approval_to_follow
            assert visit.code is not None
            assert visit.scan is not None
            if visit.status is VisitStatus.CLOSED:
                assert missing(visit) == ()
                assert isinstance(visit.rated, Closing)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        cells: dict[str, Any] = {}
        for stream, event, when, actor in self.world.told:
            cells.update(evolve(cells.get, stream, event, when, when, actor))
        assert cells == {key: state for key, state in self.world.cells.items() if state is not None}
        auditor = Auditor()
        for stream, event, _, _ in self.world.told:
            auditor.observe(stream, event)
        assert auditor.breaches() == ()


def standing(visit: VisitState) -> list[tuple[Any, str]]:
    """Return the parts that hold units, each with how it holds them."""
    parts = visit.line.parts
    if visit.status is VisitStatus.PUBLISHED:
        return [(part, "reserved") for part in parts]
    if visit.status in ENTERED:
        return [(part, "used") for part in parts if part.department not in visit.absent]
    if visit.no_entry is NoEntry.CANCELLED_ON_SITE:
        return [(part, "used") for part in parts]
    return []


def expected(world: World) -> dict[str, tuple[int, int]]:
    """Work every tally out from requests and visits."""
    count = {"reserved": Counter[str](), "used": Counter[str]()}
    units: dict[str, dict[str, set[str]]] = {}
    for state in world.of_kind(RequestState):
        count["reserved"].update(state.held)
    for visit in world.visits():
        for part, how in standing(visit):
            _of_part(visit, part, count[how])
            for cap in part.caps:
                unit = keys.unit(cap, part.department, visit.line.enterprise, visit.line.day)
                count[how][unit] += 1
                units.setdefault(cap, {}).setdefault(unit, set()).add(how)
        if visit.code and visit.code.external:
            count["reserved"][keys.external_code(visit.code.external)] += 1
    for cap, of_cap in units.items():
        for hows in of_cap.values():
            count[max(hows)][cap] += 1  # "used" comes after "reserved"
    pairs = {
        key: (count["reserved"][key], count["used"][key]) for how in count.values() for key in how
    }
    return {key: pair for key, pair in pairs.items() if pair != (0, 0)}


def _of_part(visit: VisitState, part: Any, held: Counter[str]) -> None:  # noqa: ANN401
    """Count what a part holds beside caps: its department's day and its officers' half-days."""
    line = visit.line
    held[keys.department_day(part.department, line.day)] += part.units
    present = visit.scan.officers if visit.scan else part.officers
    for officer in part.officers if line.half else ():
        if officer in present:
            held[keys.officer_half(officer, line.day, str(line.half))] += 1


TestLoop = Loop.TestCase
TestLoop.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
