"""What strangers' bytes can reach: every decoder, with what it may answer and what else must hold.

A target takes bytes and returns. It raises when the decoder raises anything but its own word for bad
input, or when what it accepted is not what it claims to be.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError

from portal.gate import messages, parcels
from portal.http.house import ID_PATTERN, command_id
from portal.http.paging import after
from portal.http.problems import ProblemError
from portal.importing.archives import check_archive
from portal.importing.documents import read_calendar, read_policy
from portal.importing.faults import BadFile
from portal.importing.history import history
from portal.importing.registers import Lookups, departments, enterprises, officers
from portal.importing.requests import requests
from portal.importing.sheets import Sheet, open_sheet, read_rows
from portal.receipts import verify_receipt
from portal.running.keyfiles import Rings
from scheduler.exchange.faults import BadFiles
from scheduler.exchange.files import read_problem
from scheduler.exchange.public import PublicTextError, read_assignment, read_location
from scheduler.proof.checkpoints import read_checkpoint, read_cosignature
from scheduler.proof.notes import (
    BadNoteError,
    Signature,
    Verifier,
    VerifierKey,
    parse,
    read_signature,
)
from scheduler.proof.trust import read_trust
from scheduler.proof.witnessing import RefusedError, read_asked
from schemas.faults import BadInput
from schemas.plain_json import canonical
from schemas.wire import command_data, read_entry, read_message
from streams.codes import plain
from streams.credentials import KeyedCredentials
from streams.kafka.records import instant
from streams.typed import NotCanonicalError, read_canonical, read_typed

Check = Callable[[bytes, Path], None]

SEPARATOR: Final = b"\n=== "
"""Before the name of each file of a target that takes several."""


@dataclass(frozen=True, slots=True)
class Target:
    """A decoder under test. ``share`` is its part of a run, ``modules`` are those it goes through."""

    name: str
    check: Check
    share: int
    modules: tuple[str, ...]


class Broken(AssertionError):  # noqa: N818 - it names what was found
    """A decoder took what it must not take."""


def command(data: bytes, _: Path) -> None:
    """Read a command; one that is taken says the same when it is written and read again."""
    try:
        message, found = read_message(data)
    except BadInput:
        return
    again = message.model_copy(update={"data": _without_type(command_data(found))})
    body = canonical(again.model_dump(mode="json", exclude_none=True))
    if read_message(body)[1] != found:
        raise Broken("a command is another one when read again")


def _without_type(data: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if name != "type"}


def entry(data: bytes, _: Path) -> None:
    """Read an entry of a ledger that somebody hands over; the quick and the plain reader agree."""
    with suppress(ValueError):
        read_typed(data)
    try:
        read_canonical(data)
    except (NotCanonicalError, ValueError):
        return
    read_entry(data)


@cache
def _credentials() -> KeyedCredentials:
    return KeyedCredentials(Rings.from_seed(b"fuzz").credentials)


@cache
def genuine() -> frozenset[str]:
    """Return the codes and tokens that are genuine under the fuzzers' keys."""
    keys, since = _credentials(), instant([("wurao-now", b"2026-12-25T09:00:00+08:00")])
    if since is None:
        raise TypeError(since)
    return frozenset(
        {
            keys.visit_code("S-1", "visit-1", since, since),
            keys.gate_code("91310105MA1FW0A01X"),
            keys.rating_token("visit-1"),
        }
    )


def code(data: bytes, _: Path) -> None:
    """Read a code that somebody scanned: only the genuine ones are, whatever is sent."""
    text = data.decode("utf-8", "replace")
    keys = _credentials()
    found = (keys.inspect(text), keys.read_gate_code(text), keys.read_rating_token(text))
    if any(each is not None for each in found) and plain(text) not in genuine():
        raise Broken(f"a forged code is taken for genuine: {text[:100]!r}")


def note(data: bytes, _: Path) -> None:
    """Read a signed note, a checkpoint, a key, a policy of trust, a request for a cosignature."""
    text = data.decode("utf-8", "replace")
    with suppress(BadNoteError):
        found = parse(data)
        if found.encode() != data:
            raise Broken("a note is another one when written again")
    with suppress(BadNoteError):
        read_checkpoint(text)
    with suppress(BadNoteError):
        read_signature(text)
    with suppress(BadNoteError):
        VerifierKey.parse(text)
    with suppress(BadNoteError):
        read_cosignature(data)
    with suppress(BadNoteError):
        read_trust(text, _no_verifier)
    with suppress(RefusedError):
        read_asked(data)


def _no_verifier(key: VerifierKey) -> Verifier:
    raise BadNoteError(f"{key.algorithm}: nobody")


@cache
def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def parcel(data: bytes, folder: Path) -> None:
    """Read a parcel whose sender signs whatever he likes, and what lies in it."""
    files = _files(data)
    place = folder / "parcel"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    for name, body in files.items():
        if re.fullmatch(r"[a-z.]{1,30}", name) and not name.startswith("."):
            (place / name).write_bytes(body)
    manifest = files.get(parcels.MANIFEST, b"")
    public = _signer().public_key().public_bytes_raw()
    signature = base64.b64encode(_signer().sign(b"wurao gate parcel 1\n" + manifest)).decode()
    (place / parcels.SIGNATURES).write_text(f"{parcels.key_id(public)} {signature}\n")
    with suppress(parcels.BadParcelError):
        parcels.read(place, parcels.Way.TO_INNER, [public])


MODELS: Final[Sequence[type[BaseModel]]] = (
    messages.System,
    messages.ShownVisit,
    messages.Ticket,
    messages.Message,
    messages.Report,
    messages.RatingSaid,
)


def zone(data: bytes, _: Path) -> None:
    """Read a line that the other zone sent."""
    for model in MODELS:
        with suppress(ValidationError):
            model.model_validate_json(data)
    with suppress(ValidationError):
        messages.SAID.validate_json(data)


def sheet(data: bytes, folder: Path) -> None:
    """Read a text file that somebody uploads as each kind of sheet, to its last row."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return
    path = folder / "sheet.csv"
    path.write_bytes(data)
    nobody = Lookups()
    kinds: tuple[Sheet[Any], ...] = (
        *(departments(nobody), enterprises(nobody), officers(nobody), history(nobody)),
        requests(nobody, _no_week),
    )
    for kind in kinds:
        with suppress(BadFile):
            for row in read_rows(open_sheet(path, kind.columns), kind):
                if row.value is None and not row.faults:
                    raise Broken(f"row {row.number} has neither a value nor a fault")


def _no_week(_: str) -> None:
    """No month has a service week here."""


def workbook(data: bytes, folder: Path) -> None:
    """Look into a workbook's archive, which a stranger may have packed."""
    path = folder / "book.xlsx"
    path.write_bytes(b"PK\x03\x04" + data.removeprefix(b"PK\x03\x04"))
    with suppress(BadFile):
        check_archive(path)


def document(data: bytes, folder: Path) -> None:
    """Read a calendar and a policy that somebody uploads."""
    path = folder / "edition.yaml"
    path.write_bytes(data)
    for read in (read_calendar, read_policy):
        with suppress(BadFile):
            read(path)


def problem(data: bytes, _: Path) -> None:
    """Read a planning problem's files, and the texts of public instances."""
    with suppress(BadFiles):
        read_problem(_files(data))
    text = data.decode("utf-8", "replace")
    for read in (read_location, read_assignment):
        with suppress(PublicTextError):
            read("fuzz", text)


def header(data: bytes, _: Path) -> None:
    """Read what a program puts into headers and query strings."""
    text = data.decode("latin-1")
    if text and not re.fullmatch(ID_PATTERN, command_id(text)):
        raise Broken(f"no command id: {command_id(text)!r}")
    with suppress(ProblemError):
        after(text, "visit", {})
    instant([("wurao-now", data)])


def receipt(data: bytes, _: Path) -> None:
    """Check a receipt that somebody brings."""
    with suppress(verify_receipt.ReceiptError):
        verify_receipt.check(data, f"log {log_key()}\nquorum none\n")


@cache
def log_key() -> VerifierKey:
    """Return the public key of the log whose receipts are checked."""
    return VerifierKey("fuzz.example/log", 1, _signer().public_key().public_bytes_raw())


def signed_note(text: str) -> str:
    """Return a note that the log signed, so that what lies behind its signature is reached."""
    key = log_key()
    line = Signature(key.name, key.key_id, _signer().sign(text.encode())).line()
    return f"{text}\n{line}"


def _files(data: bytes) -> dict[str, bytes]:
    """Return the files that one input stands for: each behind a line with its name."""
    return dict(_pieces(data))


def _pieces(data: bytes) -> Iterator[tuple[str, bytes]]:
    for piece in (b"\n" + data).split(SEPARATOR)[1:]:
        name, _, body = piece.partition(b"\n")
        yield name.decode("latin-1"), body


def together(files: dict[str, bytes]) -> bytes:
    """Return several files as one input."""
    return b"".join(SEPARATOR + name.encode() + b"\n" + body for name, body in files.items())[1:]


def as_json(value: object) -> bytes:
    """Return a value as a program would send it."""
    return json.dumps(value, ensure_ascii=False).encode()


_WIRE: Final = ("schemas.wire", "schemas.plain_json", "schemas.faults", "schemas.uscc")
_IMPORTING: Final = ("portal.importing",)
_PROOF: Final = ("scheduler.proof",)

TARGETS: Final = (
    Target("command", command, 24, _WIRE),
    Target("entry", entry, 12, (*_WIRE, "streams.typed")),
    Target("code", code, 12, ("streams.codes", "streams.credentials")),
    Target("note", note, 14, _PROOF),
    Target("parcel", parcel, 6, ("portal.gate.parcels",)),
    Target("zone", zone, 6, ("portal.gate.messages",)),
    Target("sheet", sheet, 8, _IMPORTING),
    Target("workbook", workbook, 3, _IMPORTING),
    Target("document", document, 1, _IMPORTING),
    Target("problem", problem, 4, ("scheduler.exchange.tables", "scheduler.exchange.cells")),
    Target("header", header, 6, ("portal.http.house", "portal.http.paging")),
    Target("receipt", receipt, 4, ("portal.receipts",)),
)
"""Every decoder that bytes from outside reach, heaviest used first."""
