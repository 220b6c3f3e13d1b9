"""Jobs in Postgres."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from streams.jobs import Job
from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES


class PostgresJobs:
    """Jobs of one planning domain, claimed row by row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post(self, job: Job) -> None:
        """Keep a job; one with the same id is the same job and stays as it is."""
        await self._row("post_job", job.id, job.kind, job.args)

    async def claim(self, kind: str, who: str, now: datetime, until: datetime) -> Job | None:
        """Take the oldest free job of a kind, ``None`` when there is none."""
        row = await self._row("claim_job", kind, who, now, until)
        return Job(**dict(row)) if row else None

    async def keep(self, id_: str, who: str, until: datetime) -> bool:
        """Hold a claimed job for longer; tell whether it is still ours."""
        return await self._row("keep_job", id_, who, until) is not None

    async def answer(self, id_: str, answer: bytes) -> bytes:
        """Keep what a job came to before it is handed in; return the first that was kept."""
        row = await self._row("answer_job", id_, answer)
        return bytes(row["answer"]) if row else answer

    async def finish(self, id_: str, who: str, outcome: str) -> None:
        """Note what became of a job; only its holder can, and only once."""
        await self._row("finish_job", id_, who, outcome)

    async def outcome(self, id_: str) -> str | None:
        """Return what became of a job, ``None`` while it is open or unknown."""
        row = await self._row("job_outcome", id_)
        return row["outcome"] if row else None

    async def stop(self, id_: str) -> None:
        """Ask for a job to end early with the best that it has; who claims it later is asked, too."""
        await self._row("stop_job", id_)

    async def stopping(self, id_: str) -> bool:
        """Tell whether a job was asked to end early."""
        row = await self._row("job_stopping", id_)
        return bool(row and row["stopping"])

    async def _row(self, query: str, *arguments: object) -> Any:  # noqa: ANN401 - a row of the driver
        async with self._database.connection() as connection:
            with named():
                return await connection.fetchrow(QUERIES[query], *arguments)
