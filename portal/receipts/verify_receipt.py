#!/usr/bin/env python3
"""Check a Wurao receipt offline. One file, Python 3.11 or newer, the standard library alone.

    python3 verify_receipt.py RECEIPT.json TRUST.policy

RECEIPT.json is what the enterprise was given. TRUST.policy says whom to believe, in the form of C2SP
tlog-policy: the key of the log and of its witnesses, got from somebody other than who gave the receipt.
Exit code 0: the receipt holds; 1: it does not; 2: it cannot be read.

A receipt holds when the entries that it names are in the tree of a checkpoint that the log and enough
witnesses signed. An entry is shown whole ("body"), or closed: only its end is shown ("tail") and the
state of SHA-256 before it, so that one sees which visit and which event it is and nothing else. Nobody
can find another beginning or another end that lead to the same hash.
"""

# ruff: noqa: PLR2004 - numbers of formats and standards stand where they are used
from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import struct
import sys
from pathlib import Path
from typing import Any

KIND = "cn.wurao.receipt.v1"
USAGE = "usage: verify_receipt.py RECEIPT.json TRUST.policy\n"
RATED = "cn.wurao.rating.given.v1"
ENDINGS = re.compile(
    r',"specversion":"1\.0","subject":"visit/([^"\\]+)","time":"([^"\\]+)",'
    r'"type":"(cn\.wurao\.[a-z0-9_.]+)"\}\Z'
)
_ENTRY_KEYS = {"index", "proof", "body"}, {"index", "proof", "closed"}
_BLOCK, _HASH, _TIME, _SIGNATURE = 64, 32, 8, 64


class ReceiptError(Exception):
    """The receipt does not hold; the text says why."""


class UnreadableError(ReceiptError):
    """This is no receipt, or no policy."""


# ---------------------------------------------------------------- the receipt
def check(receipt: bytes, policy: str) -> dict[str, object]:
    """Check a receipt against a policy; return what it proves.

    Raises:
        UnreadableError: If either cannot be read.
        ReceiptError: If the receipt does not hold.
    """
    given = _read(receipt)
    logs, witnesses, quorum = _policy(policy)
    text, signatures = _note(given["checkpoint"])
    origin, size, root = _checkpoint(text)
    if not _signed(text, signatures, [key for key in logs if key[0] == origin]):
        raise ReceiptError("no log of the policy signed the checkpoint")
    cosigned = {n for n, key in witnesses.items() if _signed(text, signatures, [key])}
    if not quorum(cosigned):
        raise ReceiptError("not enough witnesses signed the checkpoint")
    events = [_event(entry, size, root) for entry in given["entries"]]
    if any(event["visit"] != given["visit"] for event in events):
        raise ReceiptError("an entry is about another visit")
    rated = [event["type"] == RATED for event in events]
    if any(rated) is not (given["about"] == "rating") or (any(rated) and len(rated) != 1):
        raise ReceiptError("the entries are not what the receipt says that it is about")
    return {
        "about": given["about"],
        "visit": given["visit"],
        "log": origin,
        "size": size,
        "witnesses": sorted(cosigned),
        "events": events,
    }


def _read(receipt: bytes) -> dict[str, Any]:
    try:
        given: dict[str, Any] = json.loads(receipt)
        sound = (
            isinstance(given, dict)
            and given["kind"] == KIND
            and given["about"] in {"visit", "rating"}
            and isinstance(given["visit"], str)
            and isinstance(given["checkpoint"], str)
            and isinstance(given["entries"], list)
            and 0 < len(given["entries"]) <= 100
            and all(isinstance(e, dict) and set(e) in _ENTRY_KEYS for e in given["entries"])
        )
    except (ValueError, KeyError, RecursionError) as error:
        raise UnreadableError(f"no receipt: {error}") from error
    if not sound:
        raise UnreadableError("no receipt")
    return given


def _event(entry: dict[str, Any], size: int, root: bytes) -> dict[str, object]:
    try:
        index, proof = entry["index"], [_hash(each) for each in entry["proof"]]
        if "body" in entry:
            shown, leaf = entry["body"], hashlib.sha256(b"\x00" + entry["body"].encode()).digest()
        else:
            closed = entry["closed"]
            shown = closed["tail"]
            leaf = finish(bytes.fromhex(closed["state"]), closed["before"], shown.encode())
    except (KeyError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise UnreadableError(f"no entry of a receipt: {error}") from error
    if type(index) is not int or _root(index, size, leaf, proof) != root:
        raise ReceiptError(f"entry {index} is not in the tree of the checkpoint")
    end = ENDINGS.search(shown)
    if end is None:
        raise ReceiptError(f"entry {index} is no event of a visit")
    return {"position": index + 1, "visit": end[1], "time": end[2], "type": end[3], "shown": shown}


def _root(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes | None:
    """Return the root that a proof of inclusion leads to (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    first, last, result = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return None
        if first & 1 or first == last:
            result = hashlib.sha256(b"\x01" + each + result).digest()
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            result = hashlib.sha256(b"\x01" + result + each).digest()
        first, last = first >> 1, last >> 1
    return result if last == 0 else None


def _hash(text: str) -> bytes:
    found = base64.b64decode(text, validate=True)
    if len(found) != _HASH:
        raise ValueError(text)
    return found


# ---------------------------------------------------------------- checkpoint and policy
Key = tuple[str, bytes, int, bytes]  # name, id, algorithm, public key


def _note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    text, found, rest = note.rpartition("\n\n")
    lines = [line.split(" ") for line in rest.removesuffix("\n").split("\n")]
    try:
        values = [(name, base64.b64decode(each, validate=True)) for _, name, each in lines]
    except (ValueError, binascii.Error) as error:
        raise UnreadableError(str(error)) from error
    if not found or any(line[0] != "—" for line in lines):
        raise UnreadableError("no signed note")
    return f"{text}\n", [(name, value[:4], value[4:]) for name, value in values]


def _checkpoint(text: str) -> tuple[str, int, bytes]:
    lines = text.split("\n")
    if len(lines) < 4 or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise UnreadableError("no checkpoint")
    try:
        return lines[0], int(lines[1]), _hash(lines[2])
    except (ValueError, binascii.Error) as error:
        raise UnreadableError("no checkpoint") from error


def _signed(text: str, signatures: list[tuple[str, bytes, bytes]], keys: list[Key]) -> bool:
    found = False
    for name, id_, value in signatures:
        for key_name, key_id, algorithm, public in keys:
            if (name, id_) == (key_name, key_id):
                if not _verifies(text.encode(), algorithm, public, value):
                    raise ReceiptError(f"a signature of {name} does not verify")
                found = True
    return found


def _verifies(text: bytes, algorithm: int, public: bytes, value: bytes) -> bool:
    if algorithm == 4:  # a cosignature: the time goes first
        seconds = int.from_bytes(value[:_TIME])
        text, value = b"cosignature/v1\ntime %d\n" % seconds + text, value[_TIME:]
    return ed25519_verifies(public, text, value)


def _key(text: str) -> Key:
    name, _, rest = text.partition("+")
    id_, _, encoded = rest.partition("+")
    try:
        material = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise UnreadableError(f"no key: {text[:60]}") from error
    expected = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if not name or expected.hex() != id_ or len(material) != 33 or material[0] not in {1, 4}:
        raise UnreadableError(f"no key: {text[:60]}")
    return name, expected, material[0], material[1:]


class _Quorum:
    """Who must have signed: a witness, or so many members of a group."""

    def __init__(self) -> None:
        self.groups: dict[str, tuple[int, list[str]]] = {}
        self.name = ""

    def __call__(self, cosigned: set[str]) -> bool:
        return self.name == "none" or self._holds(self.name, cosigned)

    def _holds(self, name: str, cosigned: set[str]) -> bool:
        if name not in self.groups:
            return name in cosigned
        least, members = self.groups[name]
        return sum(self._holds(member, cosigned) for member in members) >= least


def _policy(text: str) -> tuple[list[Key], dict[str, Key], _Quorum]:
    logs: list[Key] = []
    witnesses: dict[str, Key] = {}
    quorum = _Quorum()
    for line in text.split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        known = {"none", *witnesses, *quorum.groups}
        if words[0] == "log" and len(words) in {2, 3}:
            logs.append(_key(words[1]))
        elif words[0] == "witness" and len(words) in {3, 4} and words[1] not in known:
            witnesses[words[1]] = _key(words[2])
        elif words[0] == "group" and len(words) > 3 and words[1] not in known:
            quorum.groups[words[1]] = _least(words[2], words[3:], known - {"none"}), words[3:]
        elif words[0] == "quorum" and len(words) == 2 and words[1] in known and not quorum.name:
            quorum.name = words[1]
        else:
            raise UnreadableError(f"no line of a policy: {line[:80]}")
    if not logs or not quorum.name:
        raise UnreadableError("a policy names a log and a quorum")
    return logs, witnesses, quorum


def _least(word: str, members: list[str], known: set[str]) -> int:
    least = {"all": len(members), "any": 1}.get(word) or (int(word) if word.isdecimal() else 0)
    if not 1 <= least <= len(set(members)) == len(members) or not known.issuperset(members):
        raise UnreadableError(f"no group: {' '.join(members)[:60]}")
    return least


# ---------------------------------------------------------------- SHA-256 from the middle (FIPS 180-4)
def _primes(number: int) -> list[int]:
    found: list[int] = []
    n = 2
    while len(found) < number:
        if all(n % p for p in found):
            found.append(n)
        n += 1
    return found


def _root_bits(n: int, power: int) -> int:
    """Return the first 32 bits of the fraction of a prime's square or cube root."""
    scaled, low, high = n << 32 * power, 0, 1 << 36
    while low < high:
        middle = (low + high + 1) >> 1
        low, high = (middle, high) if middle**power <= scaled else (low, middle - 1)
    return low & 0xFFFFFFFF


START = struct.pack(">8I", *(_root_bits(p, 2) for p in _primes(8)))
_K = [_root_bits(p, 3) for p in _primes(64)]


def compress(state: bytes, data: bytes) -> bytes:
    """Return the state of SHA-256 after whole blocks more."""
    h = list(struct.unpack(">8I", state))
    for start in range(0, len(data), _BLOCK):
        h = _block(h, data[start : start + _BLOCK])
    return struct.pack(">8I", *h)


def finish(state: bytes, before: int, tail: bytes) -> bytes:
    """Return the SHA-256 of ``before`` bytes that led to a state, and of a tail after them."""
    if before <= 0 or before % _BLOCK:
        raise ValueError(before)
    length = (before + len(tail)) * 8
    padded = tail + b"\x80" + bytes(-(len(tail) + 9) % _BLOCK) + struct.pack(">Q", length)
    return compress(state, padded)


def _turn(x: int, n: int) -> int:
    return (x >> n) | (x << (32 - n)) & 0xFFFFFFFF


def _block(state: list[int], block: bytes) -> list[int]:
    w = list(struct.unpack(">16I", block))
    for i in range(16, 64):
        low = _turn(w[i - 15], 7) ^ _turn(w[i - 15], 18) ^ w[i - 15] >> 3
        high = _turn(w[i - 2], 17) ^ _turn(w[i - 2], 19) ^ w[i - 2] >> 10
        w.append((w[i - 16] + low + w[i - 7] + high) & 0xFFFFFFFF)
    a, b, c, d, e, f, g, h = state
    for i in range(64):
        high = _turn(e, 6) ^ _turn(e, 11) ^ _turn(e, 25)
        one = h + high + (e & f ^ ~e & g) + _K[i] + w[i]
        low = _turn(a, 2) ^ _turn(a, 13) ^ _turn(a, 22)
        two = low + (a & b ^ a & c ^ b & c)
        e, f, g, h = (d + one) & 0xFFFFFFFF, e, f, g
        a, b, c, d = (one + two) & 0xFFFFFFFF, a, b, c
    return [(x + y) & 0xFFFFFFFF for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


# ---------------------------------------------------------------- Ed25519 (RFC 8032 section 5.1)
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_I = pow(2, (_P - 1) // 4, _P)

Point = tuple[int, int, int, int]


def _recovered(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _I % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _sum(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(n: int, p: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = _sum(result, p)
        p, n = _sum(p, p), n >> 1
    return result


_BASE = _recovered((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is one of a public key under a message."""
    if len(public) != _HASH or len(signature) != _SIGNATURE:
        return False
    a, r = _recovered(public), _recovered(signature[:_HASH])
    s = int.from_bytes(signature[_HASH:], "little")
    if a is None or r is None or _BASE is None or s >= _L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:_HASH] + public + message).digest(), "little")
    left, right = _times(s, _BASE), _sum(r, _times(h % _L, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


# ---------------------------------------------------------------- the command
def main(words: list[str]) -> int:
    """Check the receipt that the command line names, and say what it proves."""
    if len(words) != 2:
        sys.stderr.write(USAGE)
        return 2
    try:
        found = check(Path(words[0]).read_bytes(), Path(words[1]).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, UnreadableError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    except ReceiptError as error:
        sys.stdout.write(f"DOES NOT HOLD: {error}\n")
        return 1
    sys.stdout.write(f"{json.dumps(found, ensure_ascii=False, indent=2)}\nholds\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
