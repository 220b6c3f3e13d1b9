"""How much work a plan may cost, in steps and in effort that repeat exactly, never seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The work to be done.

    Parameters
    ----------
    steps
        Numbered steps of improvement; the schedule of the search depends on their number.
    stop
        The step after which to stop early. To repeat a plan, set it to the plan's `step`.
    whole_options
        Largest number of (ask, day) choices that is also searched as one exact model.
    whole_effort, packing_effort
        CP-SAT's deterministic seconds for that model, and for packing one department.
    priced_options
        Largest number of choices for which scarce days are priced by a linear program.
    """

    steps: int = 20
    stop: int | None = None
    whole_options: int = 400
    whole_effort: float = 2.0
    packing_effort: float = 1.0
    priced_options: int = 60_000

    def __post_init__(self) -> None:
        """Refuse negative limits with a ValueError."""
        efforts = (self.whole_effort, self.packing_effort)
        counts = (self.steps, self.stop or 0, self.whole_options, self.priced_options)
        if min(*efforts, *counts) < 0:
            raise ValueError(f"a limit is negative: {self}")
