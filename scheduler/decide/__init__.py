"""``decide``: a command and the state of things in, events out. Pure; the shell moves the bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scheduler.decide import (
    alerts,
    annual,
    approvals,
    arrange,
    booking,
    budgets,
    callbacks,
    codes,
    contacts,
    coordination,
    draws,
    entries,
    keyrings,
    meetings,
    plans,
    pool,
    privacy,
    problems,
    publish,
    pulses,
    ratings,
    register,
    requests,
    scorecards,
    sealed,
    staffing,
    treatment,
)
from scheduler.decide.common import Refusal, Unknown, refuse
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from scheduler.workdays import CalendarMissing
from schemas import alert_commands as a
from schemas import annual_commands as n
from schemas import booking_commands as g
from schemas import budget_commands as u
from schemas import callback_commands as b
from schemas import commands as c
from schemas import contact_commands as k
from schemas import draw_commands as d
from schemas import key_commands
from schemas import meeting_commands as m
from schemas import privacy_commands as p
from schemas import problem_commands as q
from schemas import score_commands as w
from schemas import sealed_commands as s
from schemas import treatment_commands as t
from schemas.commands import Command

Decide = Callable[[Any, Context, View], Decision]

_DECIDE: dict[type, Decide] = {
    c.RegisterDepartment: register.department,
    c.RegisterOfficer: register.officer,
    c.RegisterEnterprise: register.enterprise,
    c.PublishItem: register.item,
    c.AdoptPolicy: register.policy,
    c.AdoptCalendar: register.calendar,
    c.SetCapacity: register.capacity,
    c.RecordBaseline: register.baseline,
    n.FileAnnual: annual.file,
    n.DecideAnnual: annual.decide,
    n.PublishAnnual: annual.publish,
    u.AskBudgetMove: budgets.ask,
    u.DecideBudgetMove: budgets.decide,
    w.SignScorecard: scorecards.sign,
    w.AppealScorecard: scorecards.appeal,
    w.DecideScoreAppeal: scorecards.decide_appeal,
    w.PublishBulletin: scorecards.publish,
    c.SubmitRequest: requests.submit,
    c.WithdrawRequest: approvals.withdraw,
    c.ConfirmOnCall: approvals.confirm,
    c.DecideRequest: approvals.decide_request,
    c.CloseMonth: plans.close_month,
    c.DraftPlan: plans.draft,
    c.AnswerPlan: plans.answer,
    c.PublishPlan: publish.publish,
    c.ArrangeVisit: arrange.arrange,
    c.StaffVisit: staffing.staff,
    c.CancelVisit: entries.cancel,
    c.IssueCode: codes.issue,
    c.RevokeCode: codes.revoke,
    c.BindCode: codes.bind,
    c.ScanIn: entries.scan_in,
    c.ScanOut: entries.scan_out,
    c.ReportNoEntry: entries.no_entry,
    c.RecordOutcome: ratings.outcome,
    c.RateVisit: ratings.rate,
    c.RecordFiling: ratings.file,
    c.LapseDeadline: ratings.lapse,
    p.AdoptRetention: privacy.retention,
    p.HoldSubject: privacy.hold,
    p.ReleaseSubject: privacy.release,
    p.AskErasure: privacy.ask,
    p.EraseSubject: privacy.erase,
    p.RevealPersonal: privacy.reveal,
    key_commands.RotateKey: keyrings.rotate,
    key_commands.RevokeKey: keyrings.revoke,
    d.OpenDraw: draws.open_,
    d.CommitDraw: draws.commit,
    d.SetDrawPublic: draws.set_public,
    d.RevealDraw: draws.reveal,
    d.SubstituteDrawn: draws.substitute,
    d.WithdrawDraw: draws.withdraw,
    a.TakeUpAlert: alerts.take_up,
    a.AnswerAlert: alerts.answer,
    a.CloseAlert: alerts.close,
    a.HandOverAlert: alerts.hand_over,
    a.RecordHandover: alerts.record_handover,
    s.PlanSealed: sealed.plan,
    s.LookAtSealed: sealed.look,
    s.OpenSealed: sealed.open_,
    s.CancelSealed: sealed.cancel,
    s.AskIdentity: sealed.ask,
    s.GrantIdentity: sealed.grant,
    s.SeeIdentity: sealed.see,
    k.SetTerritory: contacts.territory,
    k.PairOfficial: contacts.pair,
    k.HandOverPairing: contacts.hand_over,
    k.EndPairing: contacts.end,
    k.RecordContact: contacts.record,
    k.WaiveContact: contacts.waive,
    k.GrantPresence: contacts.grant,
    k.RevokePresence: contacts.revoke,
    b.RecordCallback: callbacks.record,
    b.AnswerCallback: callbacks.answer,
    b.CloseCallback: callbacks.close,
    q.ReportProblem: problems.report,
    q.AcceptProblem: problems.accept_,
    q.DeclineProblem: problems.decline,
    q.MergeProblem: problems.merge,
    q.ReassignProblem: problems.reassign,
    q.AnswerProblem: problems.answer,
    q.GiveWord: problems.give_word,
    q.CloseProblem: problems.close,
    q.ReopenProblem: problems.reopen,
    q.ReviewProblem: problems.review,
    q.CarryProblem: pool.carry,
    q.ClearPool: pool.clear,
    q.LookBack: pool.look_back,
    q.CheckProblem: pool.check,
    t.GradeEnterprise: treatment.grade,
    t.MarkEnterprise: treatment.mark,
    t.UnmarkEnterprise: treatment.unmark,
    t.AdoptCodeList: treatment.adopt,
    t.RecordAct: treatment.act,
    g.CloseDays: booking.close,
    g.OpenDays: booking.open_,
    g.PreferSlots: booking.prefer,
    m.SetChain: meetings.chain,
    m.SetProject: meetings.project,
    m.SetMeeting: meetings.set_,
    m.HoldMeeting: meetings.hold,
    m.CallOffMeeting: meetings.call_off,
    m.PublishPackage: meetings.package,
    m.AnswerPulse: pulses.answer,
    **coordination.DECIDE,
}
"""Which function answers which command."""


def decide(command: Command, context: Context, view: View) -> Decision:
    """Answer a command with at least one event; a refusal is an event too.

    Raises:
    ------
    NeedCells
        If a cell is needed that the view has not loaded; load it and ask again.
    """
    try:
        return _DECIDE[type(command)](command, context, view)
    except Refusal as refusal:
        return refuse(command, context, refusal)
    except Unknown as unknown:
        return refuse(command, context, Refusal("-", *unknown.objections))
    except CalendarMissing as missing:
        against = objection("calendar-missing", year=missing.year)
        return refuse(command, context, Refusal("-", against))
