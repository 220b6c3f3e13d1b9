"""Commands about matters that are no visit, gathered for ``schemas.commands``."""

from __future__ import annotations

from schemas.annual_commands import AnnualCommand
from schemas.booking_commands import BookingCommand
from schemas.budget_commands import BudgetCommand
from schemas.callback_commands import CallbackCommand
from schemas.contact_commands import ContactCommand
from schemas.coordination_commands import CoordinationCommand
from schemas.meeting_commands import MeetingCommand
from schemas.problem_commands import ProblemCommand
from schemas.score_commands import ScoreCommand
from schemas.treatment_commands import TreatmentCommand

MatterCommand = (
    AnnualCommand
    | BookingCommand
    | BudgetCommand
    | CallbackCommand
    | ContactCommand
    | CoordinationCommand
    | ProblemCommand
    | MeetingCommand
    | TreatmentCommand
    | ScoreCommand
)
