"""How much work a plan may cost, in steps and in effort that repeat exactly, never seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The work to be done.

    Parameters
    ----------
    steps
        Numbered steps of the search: as many as two coolings of a month's plan take.
    stop
        The step after which to stop early. To repeat a plan, set it to the plan's `step`.
    whole_options
        Largest number of (ask, day) choices that is also searched as one exact model.
    whole_effort
        CP-SAT's deterministic seconds for that model.
    """

    steps: int = 310
    stop: int | None = None
    whole_options: int = 400
    whole_effort: float = 2.0

    def __post_init__(self) -> None:
        """Refuse negative limits with a ValueError."""
        if min(self.steps, self.stop or 0, self.whole_options, self.whole_effort) < 0:
            raise ValueError(f"a limit is negative: {self}")
