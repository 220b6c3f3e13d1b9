"""Decisions that were signed on paper: the picture of each is taken in, kept and shown again.

A picture is kept before the decision that names it, so no decision on record ever lacks its picture;
one that no decision came to name is thrown away after a day.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.running.service import Service
from scheduler import keys
from scheduler.states import RequestState
from schemas.visits import LARGEST_SCAN, Approval, Paper, Role, ScanMedia
from streams.queries import Queries
from streams.scans import Scan

_BEGINS: Final = {
    b"\xff\xd8\xff": ScanMedia.JPEG,
    b"\x89PNG\r\n\x1a\n": ScanMedia.PNG,
    b"%PDF-": ScanMedia.PDF,
}
"""How a file of each kind begins; its name and what its sender calls it say nothing."""

_UNNAMED: Final = timedelta(days=1)


class BadScan(ValueError):  # noqa: N818 - it names what was handed in
    """A picture that cannot be taken or shown. ``status`` is of HTTP, ``said`` in both languages."""

    def __init__(self, status: int, code: str, said: tuple[str, str]) -> None:
        self.status = status
        self.code = code
        self.said = said
        super().__init__(" / ".join(said))


@dataclass(frozen=True, slots=True)
class Signed:
    """A decision that was signed on paper. ``kept``: its picture is here."""

    request: RequestState
    approval: Approval
    kept: bool

    @property
    def days(self) -> int | None:
        """How many days lie between the day on the paper and its entry; ``None`` without a paper."""
        paper = self.approval.paper
        return None if paper is None else (self.approval.at.date() - paper.signed_on).days


def kind_of(body: bytes) -> ScanMedia | None:
    """Return what a file is by how it begins; ``None`` where it is neither picture nor PDF."""
    return next((kind for start, kind in _BEGINS.items() if body.startswith(start)), None)


async def keep(service: Service, body: bytes, signed_on: date) -> Paper:
    """Keep the picture of a paper; return what a decision says of it.

    Raises:
        BadScan: If it is too large, or no picture.
    """
    if len(body) > LARGEST_SCAN:
        most = LARGEST_SCAN // 1_000_000
        said = (f"照片超过 {most} MB", f"the picture is larger than {most} MB")
        raise BadScan(413, "too-large", said)
    media = kind_of(body)
    if media is None:
        said = ("须为 JPEG、PNG 照片或 PDF 扫描件", "must be a JPEG, a PNG or a PDF")
        raise BadScan(415, "unsupported-media-type", said)
    sha256, now = hashlib.sha256(body).hexdigest(), service.clock.now()
    await _tidy(service)
    (sealed,) = await service.vault.seal([(_subject(sha256), base64.b64encode(body).decode())])
    await service.scans.keep(Scan(sha256, media.value, len(body), sealed, now))
    return Paper(signed_on=signed_on, sha256=sha256, media=media, size=len(body))


async def read(service: Service, sha256: str) -> bytes | None:
    """Return a picture; ``None`` when it is not here or its key was destroyed.

    Raises:
        BadScan: If it is not the one that the ledger names.
    """
    found = await service.scans.find(sha256)
    if found is None:
        return None
    (text,) = await service.vault.open([(_subject(sha256), found.sealed)])
    body = None if text is None else base64.b64decode(text)
    if body is not None and hashlib.sha256(body).hexdigest() != sha256:
        said = ("照片与台账记载的不符", "the picture is not the one that the ledger names")
        raise BadScan(409, "scan-differs", said)
    return body


async def paper_of(service: Service, sha256: str, signed_on: date) -> Paper:
    """Return what a decision says of a picture that was kept before.

    Raises:
        BadScan: If it is not here.
    """
    found = await service.scans.find(sha256)
    if found is None:
        said = ("没有收到这张照片，请先上传", "there is no such picture; hand it in first")
        raise BadScan(422, "scan-unknown", said)
    media = ScanMedia(found.media)
    return Paper(signed_on=signed_on, sha256=sha256, media=media, size=found.size)


async def signed(service: Service) -> tuple[Signed, ...]:
    """Return every decision that was signed on paper, the one that was entered last first."""
    found = await _on_paper(service.queries)
    here = await service.scans.having({a.paper.sha256 for _, a in found if a.paper})
    listed = [Signed(s, a, a.paper is not None and a.paper.sha256 in here) for s, a in found]
    return tuple(sorted(listed, key=lambda each: each.approval.at, reverse=True))


def signed_as(state: RequestState, role: Role) -> Paper | None:
    """Return the paper of a role's last decision about a request; ``None`` where there is none."""
    papers = [a.paper for a in state.approvals if a.role is role and a.paper is not None]
    return papers[-1] if papers else None


async def _on_paper(queries: Queries) -> list[tuple[RequestState, Approval]]:
    rows = await queries.rows("approval", on_paper=True)
    states = await queries.get_many(sorted({keys.request(row["request"]) for row in rows}))
    return [
        (state, approval)
        for state in states.values()
        if isinstance(state, RequestState)
        for approval in state.approvals
        if approval.on_paper
    ]


async def _tidy(service: Service) -> None:
    """Throw files away that no decision and no package names, so that nobody fills the disk with them."""
    old = await service.scans.before(service.clock.now() - _UNNAMED)
    if old:
        named = {a.paper.sha256 for _, a in await _on_paper(service.queries) if a.paper}
        named |= {row["sha256"] for row in await service.queries.rows("package")}
        await service.scans.drop([sha256 for sha256 in old if sha256 not in named])


def _subject(sha256: str) -> str:
    return f"scan/{sha256}"
