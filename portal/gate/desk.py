"""What the gate does at a visit's code and at a rating's token, on its own store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from portal.gate.messages import RatingSaid, ReportSaid, ShownVisit, Ticket
from portal.gate.sealing import name_of, open_under, seal_to
from portal.gate.store import GateStore
from portal.messages import fresh_id
from portal.pages.concerns import Reported
from portal.pages.verdict import SHOWN, Face, RatingFace, Stage, Verdict, judged
from schemas.base import CHINA
from schemas.visits import Rating
from streams.codes import CodeReader, VisitCode


@cache
def _reader(keys: tuple[tuple[int, bytes], ...]) -> CodeReader:
    return CodeReader(dict(keys))


@dataclass(frozen=True, slots=True)
class RatingDesk:
    """A rating at its page: the stage it is in, and the face where the token opened one."""

    ticket: Ticket
    stage: Stage
    face: RatingFace | None


class NotReadyError(RuntimeError):
    """The gate has not taken its first snapshot."""


_DAY: Final = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class Desk:
    """Judges codes and takes ratings."""

    store: GateStore

    def verdict(self, text: str, now: datetime) -> Verdict:
        """Return the verdict on a code, and count the scan.

        Raises:
            NotReadyError: If no snapshot was taken yet.
        """
        code = _reader(tuple(sorted(self._system_codes().items()))).visit(text)
        shown = self.store.visit(code.visit) if code else None
        reason = judged(code, shown.standing if shown else None, now)
        self.store.count(now.astimezone(CHINA).strftime(_DAY), reason)
        return Verdict(reason, code, _face(text, code, shown) if reason in SHOWN else None)

    def rating(self, token: str) -> RatingDesk | None:
        """Return what a rating page shows; ``None`` for a token that no snapshot names."""
        ticket = self.store.ticket(name_of(token))
        if ticket is None:
            return None
        opened = open_under(token, ticket.face)
        face = RatingFace.model_validate_json(opened) if opened else None
        # The token leaves the house when the officers have left theirs: who holds one may rate,
        # though the snapshot is older than that.
        stage = Stage.OPEN if ticket.stage is Stage.EARLY else ticket.stage
        return RatingDesk(ticket, stage, face)

    def rate(
        self, desk: RatingDesk, token: str, given: tuple[Rating, str | None], now: datetime
    ) -> bool:
        """Keep a rating for the inner system alone; ``False`` where the token was used before.

        Raises:
            NotReadyError: If no snapshot was taken yet.
            FullError: If too much waits for the ferry.
        """
        system = self.store.system()
        if system is None:
            raise NotReadyError
        said = RatingSaid(id=fresh_id(), at=now, token=token, rating=given[0], comment=given[1])
        sealed = seal_to(system.sealing[-1], said.model_dump_json().encode())
        return self.store.keep_rating(desk.ticket.name, sealed)

    def report(self, found: Reported, now: datetime) -> None:
        """Keep what somebody reported at a code, for the inner system alone.

        Raises:
            NotReadyError: If no snapshot was taken yet.
            FullError: If too much waits for the ferry.
        """
        system = self.store.system()
        if system is None:
            raise NotReadyError
        said = ReportSaid(id=found.id, at=now, report=found)
        self.store.keep_report(seal_to(system.sealing[-1], said.model_dump_json().encode()))

    def _system_codes(self) -> dict[int, bytes]:
        system = self.store.system()
        if system is None:
            raise NotReadyError
        return system.codes


def _face(text: str, code: VisitCode | None, shown: ShownVisit | None) -> Face | None:
    if code is None or shown is None:
        return None
    opened = (open_under(text, sealed) for sealed in shown.faces)
    found = next((each for each in opened if each is not None), None)
    return Face.model_validate_json(found) if found is not None else None
