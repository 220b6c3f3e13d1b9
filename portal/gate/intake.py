"""What gates have sent comes in: each thing that was said becomes a command, with an id that stays.

Whatever a zone outside sends is checked before it is believed: signature, hashes, sizes, numbers, the
token inside. The same parcel twice, or two parcels that overlap, have their effect once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from portal.gate import messages as m
from portal.gate import parcels
from portal.gate.books import Books, Ferry
from portal.gate.keys import OwnKeys
from portal.gate.parcels import BadParcelError, Parcel, Way
from portal.gate.sealing import UnreadableError, open_with
from portal.messages import Sender
from portal.pages.reporting import REPORTER, problem_of
from portal.running.service import Service
from portal.wording.refusals import objections_of
from schemas.commands import RateVisit
from schemas.envelope import ActorRole
from streams.intake import Raw
from streams.ports import CommandKey, Effect

_MOST_BEHIND: Final = 10_000
"""Snapshots that books may lag behind what one parcel says: a gate must not use all numbers up."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of what arrived."""

    arrived: int = 0
    accepted: int = 0
    repeated: int = 0
    refused: tuple[str, ...] = ()
    parcels: int = 0
    bad: tuple[str, ...] = ()

    def and_(self, more: Taken) -> Taken:
        """Return what became of both."""
        return Taken(
            self.arrived + more.arrived,
            self.accepted + more.accepted,
            self.repeated + more.repeated,
            self.refused + more.refused,
            self.parcels + more.parcels,
            self.bad + more.bad,
        )


async def receive(
    service: Service,
    keys: OwnKeys,
    ferry: Ferry,
    folder: Path,
    *,
    now: datetime,
    past_gap: bool = False,
) -> Taken:
    """Take in what gates have sent by a folder; what arrived before changes nothing.

    A parcel is taken whole or not at all. One that begins behind a gap stays out, unless a person
    says ``past_gap``: the missing one may still come, and the gate sends again what is not known to
    have arrived.
    """
    counter, taken = _Counter(service, keys, now, past_gap), Taken()
    with ferry.open() as found:
        books = found
        trusted = {id_: bytes.fromhex(gate.key) for id_, gate in books.gates.items()}
        for path in parcels.found(folder, Way.TO_INNER):
            try:
                parcel = parcels.read(path, Way.TO_INNER, trusted.values())
                books, told = await counter.take(books, path, parcel)
            except BadParcelError as bad:
                told = Taken(bad=(str(bad),))
            else:
                ferry.write(books)
            taken = taken.and_(told)
    return taken


@dataclass(frozen=True, slots=True)
class _Counter:
    """Where parcels are taken in."""

    service: Service
    keys: OwnKeys
    now: datetime
    past_gap: bool

    async def take(self, books: Books, path: Path, parcel: Parcel) -> tuple[Books, Taken]:
        """Take a parcel in; return the books as they are then, and what became of it.

        Raises:
            BadParcelError: If it is none of a gate's, or begins behind a gap.
        """
        gate = parcels.key_id(parcel.signer)
        report, listed = _contents(path, parcel)
        known = books.gates[gate]
        new = [each for each in listed if each.number > known.taken]
        first = known.taken + 1
        if new and new[0].number != first and not self.past_gap:
            zh = f"缺第 {first} 至 {new[0].number - 1} 条, 请先取来前一份"
            en = f"messages {first} to {new[0].number - 1} are missing; bring the parcel before it"
            raise BadParcelError(path, zh, en)
        told = await self._submit(gate, listed)
        last = max((each.number for each in listed), default=0)
        admitted = known.model_copy(update={"taken": max(known.taken, last)})
        if parcel.manifest.number > known.parcel:
            admitted = admitted.model_copy(
                update={"parcel": parcel.manifest.number, "scans": report.scans}
            )
        # A gate that has a later snapshot than we remember: our books are an old copy.
        sent = max(books.sent, min(report.snapshot, books.sent + _MOST_BEHIND))
        books = books.model_copy(update={"sent": sent, "gates": {**books.gates, gate: admitted}})
        return books, replace(told, parcels=1, arrived=len(new))

    async def _submit(self, gate: str, listed: Sequence[m.Message]) -> Taken:
        """Hand in what was said, and count what became of it."""
        raws: dict[int, Raw] = {}
        ids: dict[int, CommandKey] = {}
        refused: list[str] = []
        for each in listed:
            said = self._opened(each.sealed)
            raw = None if said is None else await self._raw(gate, said)
            if said is None or raw is None:
                refused.append(f"{gate} {each.number}: 无法读取 / unreadable")
                continue
            raws[each.number], ids[each.number] = raw, CommandKey(raw.source, said.id)
        known = await self.service.ledger.effects(list(ids.values()))
        effects = await self.service.submit(list(raws.values()))
        accepted = repeated = 0
        for number, effect in zip(raws, effects, strict=True):
            if ids[number] in known:
                repeated += 1
            elif effect.status == "accepted":
                accepted += 1
            else:
                refused.append(f"{gate} {number}: {_why(effect)}")
        return Taken(accepted=accepted, repeated=repeated, refused=tuple(refused))

    def _opened(self, sealed: bytes) -> m.Said | None:
        for private in reversed(self.keys.sealing):
            try:
                return m.SAID.validate_json(open_with(private, sealed))
            except (UnreadableError, ValidationError):
                continue
        return None

    async def _raw(self, gate: str, said: m.Said) -> Raw | None:
        """Return what was said as a command; ``None`` where its token is none of ours."""
        # A gate's clock may be ahead of ours; nothing happened after it arrived.
        source, when = f"gate.{gate}", min(said.at, self.now)
        if isinstance(said, m.ReportSaid):
            service = self.service
            problem = await problem_of(said.report, service.queries, service.credentials, when)
            return Sender(source, REPORTER.actor).message(problem, id_=said.id, at=when)
        visit = self.service.credentials.read_rating_token(said.token)
        if visit is None:
            return None
        command = RateVisit(visit=visit, token=said.token, rating=said.rating, comment=said.comment)
        sender = Sender.of("rater", ActorRole.ENTERPRISE, source=source)
        return sender.message(command, id_=said.id, at=when)


def _contents(path: Path, parcel: Parcel) -> tuple[m.Report, list[m.Message]]:
    """Return what is in a parcel of a gate, in order.

    Raises:
        BadParcelError: If it is something else, or its numbers are in no row.
    """
    try:
        report = m.Report.model_validate_json(parcel.files.get(m.REPORT, b"{}"))
        listed = [m.Message.model_validate_json(line) for line in parcel.lines(m.MESSAGES)]
    except ValidationError:
        raise BadParcelError(path, "内容无法读取", "its contents cannot be read") from None
    numbers = [each.number for each in listed]
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise BadParcelError(path, "编号不连续", "its numbers are in no row")
    return report, listed


def _why(effect: Effect) -> str:
    found = objections_of(effect)
    return f"{found[0].title.zh} / {found[0].title.en}" if found else effect.status
