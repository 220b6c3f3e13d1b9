"""Jobs: long work that a separate process claims, and gives back by itself when it dies.

A claim lasts for a while and is renewed as long as its holder lives; a job of one who was killed is
free again when its time is over. Two may then work on one job, which is harmless: what it comes to
is a command whose key is the job's id, and the first answer that was kept is the one that both hand in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its id, what kind of work it is, its arguments as JSON, how often it was claimed, its answer if any."""

    id: str
    kind: str
    args: str
    tries: int = 0
    answer: bytes | None = None


class Jobs(Protocol):
    """Keeps jobs until they are done."""

    async def post(self, job: Job) -> None:
        """Keep a job; one with the same id is the same job and stays as it is."""

    async def claim(self, kind: str, who: str, now: datetime, until: datetime) -> Job | None:
        """Take the oldest free job of a kind, ``None`` when there is none."""

    async def keep(self, id_: str, who: str, until: datetime) -> bool:
        """Hold a claimed job for longer; tell whether it is still ours."""

    async def answer(self, id_: str, answer: bytes) -> bytes:
        """Keep what a job came to before it is handed in; return the first that was kept.

        Who is interrupted between handing in and noting the outcome does not know whether it arrived. The same
        bytes again are the same command; another answer under its key would be refused as a forgery.
        """

    async def finish(self, id_: str, who: str, outcome: str) -> None:
        """Note what became of a job; only its holder can, and only once."""

    async def outcome(self, id_: str) -> str | None:
        """Return what became of a job, ``None`` while it is open or unknown."""

    async def stop(self, id_: str) -> None:
        """Ask for a job to end early with the best that it has; who claims it later is asked, too."""

    async def stopping(self, id_: str) -> bool:
        """Tell whether a job was asked to end early."""


class MemoryJobs:
    """Jobs in memory."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._claims: dict[str, tuple[str, datetime]] = {}
        self._outcomes: dict[str, str] = {}
        self._stopping: set[str] = set()

    async def post(self, job: Job) -> None:
        """Keep a job; one with the same id is the same job and stays as it is."""
        self._jobs.setdefault(job.id, replace(job, tries=0, answer=None))

    async def claim(self, kind: str, who: str, now: datetime, until: datetime) -> Job | None:
        """Take the oldest free job of a kind, ``None`` when there is none."""
        for job in self._jobs.values():
            held = self._claims.get(job.id)
            free = held is None or held[1] <= now
            if job.kind == kind and job.id not in self._outcomes and free:
                self._claims[job.id] = (who, until)
                taken = self._jobs[job.id] = replace(job, tries=job.tries + 1)
                return taken
        return None

    async def keep(self, id_: str, who: str, until: datetime) -> bool:
        """Hold a claimed job for longer; tell whether it is still ours."""
        if id_ in self._outcomes or self._claims.get(id_, ("",))[0] != who:
            return False
        self._claims[id_] = (who, until)
        return True

    async def answer(self, id_: str, answer: bytes) -> bytes:
        """Keep what a job came to before it is handed in; return the first that was kept."""
        job = self._jobs.get(id_)
        if job is None or id_ in self._outcomes:
            return answer
        if job.answer is None:
            self._jobs[id_] = replace(job, answer=answer)
        return job.answer or answer

    async def finish(self, id_: str, who: str, outcome: str) -> None:
        """Note what became of a job; only its holder can, and only once."""
        if self._claims.get(id_, ("",))[0] == who:
            self._outcomes.setdefault(id_, outcome)

    async def outcome(self, id_: str) -> str | None:
        """Return what became of a job, ``None`` while it is open or unknown."""
        return self._outcomes.get(id_)

    async def stop(self, id_: str) -> None:
        """Ask for a job to end early with the best that it has; who claims it later is asked, too."""
        if id_ in self._jobs and id_ not in self._outcomes:
            self._stopping.add(id_)

    async def stopping(self, id_: str) -> bool:
        """Tell whether a job was asked to end early."""
        return id_ in self._stopping
