"""What a run starts from: genuine inputs of each target, and words that its format knows."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from portal.gate import parcels
from portal.resources import deploy_dir
from schemas.base import CHINA
from schemas.catalogue import COMMAND_TYPES
from schemas.plain_json import canonical
from schemas.visits import Rating
from schemas.wire import command_data
from tests.fuzz import targets
from tests.samples import sample

ROOT: Final = Path(__file__).resolve().parents[2]
_EVENTS: Final = ROOT / "tests" / "golden" / "events"
_SHEETS: Final = ROOT / "tests" / "portal" / "importing" / "data"
_MADE: Final = datetime(2026, 12, 25, 9, tzinfo=CHINA)


def seeds(name: str) -> list[bytes]:
    """Return the genuine inputs of a target, the same each time."""
    return list(_SEEDS[name]())


def words(name: str) -> tuple[bytes, ...]:
    """Return what a mutation may put into an input of a target."""
    return _WORDS.get(name, ()) + _EVERYWHERE


def _commands() -> Iterator[bytes]:
    for type_, cls in sorted(COMMAND_TYPES.items()):
        for rich in (False, True):
            data = command_data(sample(cls, rich=rich))
            message = {
                "specversion": "1.0",
                "id": "c-1",
                "source": "fire-system",
                "type": type_,
                "time": "2026-12-25T09:00:00+08:00",
                "actor": {"id": "clerk-1", "role": "clerk", "of": "fire"},
                "datacontenttype": "application/json",
                "data": {field: value for field, value in data.items() if field != "type"},
            }
            yield canonical(message)


def _entries() -> Iterator[bytes]:
    for path in sorted(_EVENTS.glob("*.json")):
        yield canonical(json.loads(path.read_bytes()))


def _codes() -> Iterator[bytes]:
    for text in sorted(targets.genuine()):
        yield text.encode()
        yield text.lower().encode()


def _notes() -> Iterator[bytes]:
    root = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    text = f"fuzz.example/log\n5\n{root}\n"
    note = targets.signed_note(text)
    yield note.encode()
    yield text.encode()
    yield str(targets.log_key()).encode()
    yield note.partition("\n\n")[2].encode()
    yield f"old 3\n{root}\n{root}\n\n{note}".encode()
    yield f"log {targets.log_key()}\nwitness w {targets.log_key()}\ngroup g 1 w\nquorum g\n".encode()
    yield bytes(72)


def _parcels() -> Iterator[bytes]:
    body = b'{"number":1}\n'
    listed = parcels.File(
        name="messages.jsonl", bytes=len(body), sha256=hashlib.sha256(body).hexdigest()
    )
    manifest = parcels.Manifest(
        way=parcels.Way.TO_INNER, sender="0" * 16, number=1, made=_MADE, files=(listed,)
    )
    text = manifest.model_dump_json().encode()
    yield targets.together({parcels.MANIFEST: text, "messages.jsonl": body})
    yield targets.together({parcels.MANIFEST: text})


def _zone() -> Iterator[bytes]:
    raw = base64.b64encode(bytes(32)).decode()
    rating = sample(Rating, rich=True).model_dump(mode="json")
    said = {"id": "s-1", "at": "2026-12-25T09:00:00+08:00"}
    yield targets.as_json({"kind": "rating", **said, "token": "T", "rating": rating})
    yield targets.as_json({"kind": "report", **said, "report": {"kind": "other"}})
    yield targets.as_json({"number": 1, "sealed": raw})
    yield targets.as_json({"name": "0" * 32, "stage": "open", "face": raw})
    yield targets.as_json({"id": "visit-1", "standing": {"status": "published"}, "faces": [raw]})
    keys = {"codes": {"1": raw}, "sealing": [raw], "signing": [raw]}
    yield targets.as_json({"position": 1, **keys, "taken": {"0" * 16: 1}})
    tally = {"day": "2026-12-25", "verdict": "green", "count": 3}
    yield targets.as_json({"position": 1, "made": said["at"], "tallies": [tally]})


def _sheets() -> Iterator[bytes]:
    for path in sorted(_SHEETS.glob("*.csv")):
        yield path.read_bytes()
    head = "统一社会信用代码,企业名称,部门,事项,开始日期,结束日期,检查目的\r\n"
    row = '91310105MA1FW0A01X,"某厂, 一号",fire,item-1,2026-12-25,2026/12/31,检查\r\n'
    for codec in ("utf-8", "utf-8-sig", "gb18030"):
        yield (head + row * 2).encode(codec)
    yield b'id,name,kind\r\nfire,"the ""fire"" brigade\nof the county",local\r\n'
    yield b"id;name\nfire;x\n"


def _workbooks() -> Iterator[bytes]:
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", packing) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook><sheets/></workbook>" * 20)
        yield held.getvalue()


def _documents() -> Iterator[bytes]:
    yield (deploy_dir("calendars") / "2026.yaml").read_bytes()
    yield (deploy_dir("policies") / "hunan-2010.yaml").read_bytes()
    yield b"a: &x [1, 2]\nb: *x\nc: 2026-12-25\n"


def _problems() -> Iterator[bytes]:
    for folder in sorted((ROOT / "tests").glob("**/problem*")):
        found = {p.name: p.read_bytes() for p in folder.iterdir()} if folder.is_dir() else {}
        if sum(map(len, found.values())) in range(1, 20_000):
            yield targets.together(found)
    yield targets.together(
        {
            "problem.json": b'{"format":"wurao-problem-1","days":["2026-12-25","2026-12-28"]}',
            "requests.csv": b"id,department,enterprise,duration\r\nr1,fire,e1,1\r\n",
            "capacities.csv": b"department,day,capacity\r\nfire,2026-12-25,2\r\n",
        }
    )
    yield b"2 3\n10 5\n10 6\n1\n1 2\n1\n2 1\n1\n1 2\n"


def _headers() -> Iterator[bytes]:
    yield b"key-1"
    yield b'"8e03978e-40d5-43e8-bc93-6894a57f9324"'
    yield base64.urlsafe_b64encode(b'["a1b2","visit-1"]')
    yield datetime(2026, 12, 25, tzinfo=UTC).isoformat().encode()


def _receipts() -> Iterator[bytes]:
    entry = (_EVENTS / "cn.wurao.code.bound.v1.json").read_text(encoding="utf-8").strip()
    leaf = hashlib.sha256(b"\x00" + entry.encode()).digest()
    root = base64.b64encode(leaf).decode()
    checkpoint = targets.signed_note(f"{targets.log_key().name}\n1\n{root}\n")
    for about in ("visit", "rating"):
        yield targets.as_json(
            {
                "kind": "wurao-receipt-1",
                "about": about,
                "visit": "1",
                "checkpoint": checkpoint,
                "entries": [{"index": 0, "proof": [], "body": entry}],
            }
        )
    closed = {"state": "00" * 32, "before": 64, "tail": entry}
    yield targets.as_json(
        {
            "kind": "wurao-receipt-1",
            "about": "visit",
            "visit": "1",
            "checkpoint": checkpoint,
            "entries": [{"index": 0, "proof": [root], "closed": closed}],
        }
    )


_SEEDS: Final = {
    "command": _commands,
    "entry": _entries,
    "code": _codes,
    "note": _notes,
    "parcel": _parcels,
    "zone": _zone,
    "sheet": _sheets,
    "workbook": _workbooks,
    "document": _documents,
    "problem": _problems,
    "header": _headers,
    "receipt": _receipts,
}

_JSON: Final = tuple(
    word.encode()
    for word in (
        *("null", "true", "[]", "{}", '""', "-0", "1e999", "1.0", "9007199254740993", '"\\ud800"'),
        *('"\\u0000"', "[" * 500, '{"":' * 300, '"0001-01-01T00:00:00+23:59"', '"9999-12-31"'),
        *('"9999-12-31T23:59:59-23:59"', '"type":', '"data":', ",", ":", "NaN", "Infinity"),
    )
)
_EVERYWHERE: Final = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    "\u202e".encode(),
    "😀".encode(),
    b"\xed\xa0\x80",
    b"\r\n",
    b"\n",
    b"\r",
    b"9" * 5000,
    b"-1",
    b"0",
    b"18446744073709551616",
)
_WORDS: Final[dict[str, tuple[bytes, ...]]] = {
    "command": (*_JSON, *(t.encode() for t in COMMAND_TYPES)),
    "entry": _JSON,
    "parcel": (*_JSON, targets.SEPARATOR, b"manifest.json", b"manifest.sig"),
    "zone": _JSON,
    "receipt": _JSON,
    "note": ("— ".encode(), b"\n\n", b"old ", b"quorum none", b"group g any w", b"+", b"=="),
    "code": (b"=", b" ", b"A" * 1100, b"AAAA", b"I", b"1"),
    "sheet": (b'"', b'""', b",", b";", b"\t", b"\x81\x30", b"2026-02-30", b"1900/1/0"),
    "document": (b"&a ", b"*a", b"<<: ", b"!!python/none ", b"- ", b": ", b"  ", b"|\n"),
    "problem": (targets.SEPARATOR, b",", b"\r\n", b"visits.csv", b"caps.csv", b"members.csv"),
    "workbook": (b"PK\x01\x02", b"PK\x05\x06", b"\xff\xff\xff\xff", b"\x00\x00"),
}


@cache
def known(name: str) -> tuple[bytes, ...]:
    """Return the seeds of a target, read once."""
    return tuple(seeds(name))
