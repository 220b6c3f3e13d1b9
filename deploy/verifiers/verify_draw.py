"""Verify the bundle of a 双随机 draw, with Python's standard library and nothing else.

    python3 verify_draw.py BUNDLE [RECEIPT | KEY ...]

BUNDLE is the file that the draw room hands out. A RECEIPT is the hash that was handed out when the
draw was opened or the seed committed to; if you kept one, the bundle must hold that very entry. A KEY
(name+id+base64) is the public key of the log or of a witness, got from somebody else than the bundle;
each must have signed the bundle's checkpoint.
Prints what the bundle proves and ends with 0; or prints what is wrong and ends with 1.

What is checked, in this order:
1. the file is canonical JSON, and its SHA-256 is the one it states;
2. its entries are one draw's, complete and in order;
3. the seed was committed to before the public value could be known, and revealed after it;
4. the lists have the hash that was fixed when the draw was opened;
5. the revealed seed is the one that was committed to;
6. drawing again, here, gives the very same enterprises and inspectors;
7. so does each inspector who was drawn later, in place of one who could not go;
8. where the bundle has a checkpoint, every entry is in the tree under its root (RFC 9162, 2.1.3.2), and
   whoever's key you named has signed it (C2SP signed note and cosignature, Ed25519 of RFC 8032).

Written from the description in docs/how-to/check-a-draw.md, not from the system's own code.
"""

import base64
import hashlib
import hmac
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

VERSION = "wurao-draw-v1"
STEPS = ["opened", "committed", "public_set", "revealed"]


class Wrong(Exception):  # noqa: N818 - says what is the matter
    """What is wrong with a bundle."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; a name that stands twice is wrong."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Wrong("a name stands twice")
    return found


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    """Write JSON in the one way in which it is hashed (RFC 8785, for whole numbers and text)."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def instant(text: str) -> datetime:
    """Read a time with its offset, to the microsecond."""
    return datetime.fromisoformat(text)


def read(body: bytes) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Return a bundle's entries and its proof, if the file is what it says."""
    try:
        found = json.loads(body.decode(), object_pairs_hook=once)
    except ValueError as error:
        raise Wrong("this is no JSON") from error
    if not isinstance(found, dict) or set(found) - {"proof"} != {"format", "entries", "sha256"}:
        raise Wrong("this is no bundle")
    if canonical(found) + b"\n" != body:
        raise Wrong("the file is not in its canonical form")
    content = {name: value for name, value in found.items() if name != "sha256"}
    if hashlib.sha256(canonical(content)).hexdigest() != found["sha256"]:
        raise Wrong("the file's digest does not fit")
    if found["format"] != "wurao-draw-bundle/1":
        raise Wrong("another format")
    entries: list[dict[str, Any]] = found["entries"]
    return entries, found.get("proof")


def steps(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the data of the four steps, if nothing is missing or out of order."""
    if [entry["type"] for entry in entries[:4]] != [f"cn.wurao.draw.{step}.v1" for step in STEPS]:
        raise Wrong("these are not the steps of a draw")
    if [entry["sequence"] for entry in entries] != [n + 1 for n in range(len(entries))]:
        raise Wrong("entries are missing")
    if len({entry["subject"] for entry in entries}) != 1:
        raise Wrong("entries of several draws")
    places = [entry["position"] for entry in entries]
    if places != sorted(set(places)):
        raise Wrong("entries are out of order")
    _, committed, public, revealed = (instant(entry["recordedtime"]) for entry in entries[:4])
    known = instant(entries[1]["data"]["public_at"])
    if not committed < known <= public <= revealed:
        raise Wrong("the seed was committed to after the public value could be known")
    return [entry["data"] for entry in entries[:4]]


def frame(draw: str, opened: dict[str, Any]) -> str:
    """Return the text of everything that the draw depends on beside chance."""
    plan = opened["plan"]
    window = plan["window"]
    lines = [VERSION, f"draw {draw}"]
    lines.append(f"window {window['first']} {window['last']} {plan.get('duration', 1)}")
    lines.append(f"pair {opened['pair']}")
    lines += [f"department {s['department']} {','.join(s['items'])}" for s in plan["shares"]]
    lines += [f"ratio {r['risk']} {r['credit']} {r['per_cent']}" for r in opened["ratios"]]
    lines += [f"member {m['enterprise']} {m['risk']} {m['credit']}" for m in plan["population"]]
    for each in plan["inspectors"]:
        recused = ",".join(each.get("recused_from", [])) or "-"
        load = each.get("load", 0)
        lines.append(f"inspector {each['officer']} {each['department']} {load} {recused}")
    return "".join(line + "\n" for line in lines)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class Chance:
    """Numbers from HMAC-SHA256, each as likely as every other."""

    def __init__(self, key: bytes, label: str) -> None:
        """Begin with the first number."""
        self.key, self.label, self.count = key, label, 0

    def below(self, bound: int) -> int:
        """Return a number from 0 to bound - 1; blocks that would favour some are passed over."""
        limit = 2**256 // bound * bound
        while True:
            text = f"{self.label}\n{self.count}\n"
            self.count += 1
            block = int(hmac.new(self.key, text.encode(), "sha256").hexdigest(), 16)
            if block < limit:
                return block % bound

    def sample(self, items: list[str], count: int) -> list[str]:
        """Return count of the items, in random order."""
        left = list(items)
        for place in range(count):
            other = place + self.below(len(left) - place)
            left[place], left[other] = left[other], left[place]
        return left[:count]


def drawn(key: bytes, opened: dict[str, Any]) -> dict[str, Any]:
    """Return what these lists draw under this key."""
    plan, pair = opened["plan"], opened["pair"]
    ratios = {(r["risk"], r["credit"]): r["per_cent"] for r in opened["ratios"]}
    strata: dict[tuple[str, str], list[str]] = {}
    for member in plan["population"]:
        strata.setdefault((member["risk"], member["credit"]), []).append(member["enterprise"])
    told: list[dict[str, Any]] = []
    enterprises: list[str] = []
    for risk, credit in sorted(strata):
        members = sorted(strata[risk, credit])
        chance = Chance(key, f"enterprises {risk} {credit}")
        hundredths = len(members) * ratios.get((risk, credit), 0)
        count = hundredths // 100 + (chance.below(100) < hundredths % 100)
        enterprises += chance.sample(members, count)
        told.append({"risk": risk, "credit": credit, "members": len(members), "drawn": count})
    load = {each["officer"]: each.get("load", 0) for each in plan["inspectors"]}
    targets = []
    for enterprise in enterprises:
        pairs = []
        for share in plan["shares"]:
            department = share["department"]
            able = [
                each["officer"]
                for each in plan["inspectors"]
                if each["department"] == department
                and enterprise not in each.get("recused_from", [])
            ]
            chance = Chance(key, f"inspectors {enterprise} {department}")
            officers: list[str] = []
            for level in sorted({load[officer] for officer in able}):
                peers = [officer for officer in able if load[officer] == level]
                officers += chance.sample(peers, min(pair - len(officers), len(peers)))
                if len(officers) == pair:
                    break
            for officer in officers:
                load[officer] += 1
            pairs.append({"department": department, "officers": officers})
        targets.append({"enterprise": enterprise, "pairs": pairs})
    return {"strata": told, "targets": targets}


def afterwards(entries: list[dict[str, Any]], key: bytes, opened: dict[str, Any]) -> list[str]:
    """Return what happened to a draw later, as text; each substitute is drawn again."""
    told, went = [], [entry for entry in entries if entry["type"].endswith(".withdrawn.v1")]
    if len(went) > 1:
        raise Wrong("a draw is withdrawn once")
    told += [f"WITHDRAWN: {entry['data']['reason']}" for entry in went]
    pairs = {
        (target["enterprise"], pair["department"]): list(pair["officers"])
        for target in entries[3]["data"]["result"]["targets"]
        for pair in target["pairs"]
    }
    out: dict[tuple[str, str], list[str]] = {}
    for entry in entries[4:]:
        if entry in went:
            continue
        if entry["type"] != "cn.wurao.draw.substituted.v1":
            raise Wrong("this is no step of a draw")
        new = entry["data"]["substitute"]
        enterprise, department = where = new["enterprise"], new["department"]
        now, gone = pairs.get(where, []), out.setdefault(where, [])
        able = [
            each["officer"]
            for each in opened["plan"]["inspectors"]
            if each["department"] == department
            and enterprise not in each.get("recused_from", [])
            and each["officer"] not in [*now, *gone, *new.get("passed", [])]
        ]
        chance = Chance(key, f"substitute {len(gone) + 1} {enterprise} {department}")
        if new["out"] not in now or not able or able[chance.below(len(able))] != new["officer"]:
            raise Wrong("drawing a substitute again gives another")
        now[now.index(new["out"])] = new["officer"]
        gone.append(new["out"])
        told.append(f"substitute {new['officer']} for {new['out']}, {department}: {new['ground']}")
    return told


def root(index: int, size: int, leaf: bytes, path: list[str]) -> bytes:
    """Return the root that a path leads to from the leaf at an index (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise Wrong("an entry is not under the checkpoint")
    here, last, found = index, size - 1, leaf
    for each in (base64.b64decode(one, validate=True) for one in path):
        if last == 0 or len(each) != 32:  # noqa: PLR2004 - bytes of SHA-256
            raise Wrong("a path is too long")
        if here & 1 or here == last:
            found = hashlib.sha256(b"\1" + each + found).digest()
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + each).digest()
        here, last = here >> 1, last >> 1
    if last:
        raise Wrong("a path is too short")
    return found


def included(  # noqa: C901 - one refusal after the other
    proof: dict[str, Any] | None, entries: list[dict[str, Any]], keys: list[str]
) -> list[str]:
    """Hold every entry and every key against the checkpoint; return what that proves, as text."""
    if proof is None:
        if keys:
            raise Wrong("the bundle has no checkpoint to hold a key against")
        return [
            "no checkpoint in this bundle: it proves that it agrees with itself and your receipts"
        ]
    if set(proof) != {"checkpoint", "paths"} or len(proof["paths"]) != len(entries):
        raise Wrong("a proof is missing or too many")
    text, found, rest = proof["checkpoint"].rpartition("\n\n")
    if not found or not rest.endswith("\n"):
        raise Wrong("this is no signed checkpoint")
    text += "\n"
    origin, number, top = text.split("\n")[:3]
    size, goal = int(number), base64.b64decode(top, validate=True)
    if str(size) != number:
        raise Wrong("this is no signed checkpoint")
    for entry, path in zip(entries, proof["paths"], strict=True):
        leaf = hashlib.sha256(b"\0" + canonical(entry)).digest()
        if root(entry["position"] - 1, size, leaf, path) != goal:
            raise Wrong(f"entry {entry['position']} is not under the checkpoint")
    lines = [line.removeprefix("— ").split(" ") for line in rest[:-1].split("\n")]
    signatures = [(name, base64.b64decode(value, validate=True)) for name, value in lines]
    told = [f"all {len(entries)} entries are under the checkpoint of {origin} over {size} entries"]
    for key in keys:
        name, _, coded = key.partition("+")
        material = base64.b64decode(coded.partition("+")[2], validate=True)
        id_ = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        values = [value[4:] for signer, value in signatures if (signer, value[:4]) == (name, id_)]
        if not values or not all(signed(text.encode(), material, value) for value in values):
            raise Wrong(f"{name} did not sign the checkpoint")
        told.append(f"signed by {name}")
    return told if keys else [*told, "no key was named: who signed the checkpoint is not checked"]


def signed(text: bytes, material: bytes, value: bytes) -> bool:
    """Tell whether a signature (1) or a cosignature with its time (4) is of a key."""
    if material[0] == 4:  # noqa: PLR2004 - the algorithm's number in a key
        text = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[:8], "big") + text
        value = value[8:]
    elif material[0] != 1:
        raise Wrong("a key of an unknown algorithm")
    return ed25519(material[1:], text, value)


P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def add(a: Point, b: Point) -> Point:
    """Return the sum of two points of edwards25519."""
    t = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, P)
    return x % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P


def times(n: int, point: Point) -> Point:
    """Return a point added to itself so many times."""
    total: Point = (0, 1)
    while n:
        if n & 1:
            total = add(total, point)
        point, n = add(point, point), n >> 1
    return total


def decoded(data: bytes) -> Point | None:
    """Return the point that 32 bytes stand for."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else P - x), y


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is one of a public key under a message."""
    if len(public) != 32 or len(signature) != 64:  # noqa: PLR2004 - bytes, by the standard
        return False
    key, commitment = decoded(public), decoded(signature[:32])
    base = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or base is None or scalar >= ORDER:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
    return times(scalar, base) == add(commitment, times(hashed % ORDER, key))


def verify(body: bytes, words: list[str]) -> str:
    """Check a bundle; return what it proves, as text."""
    entries, proof = read(body)
    receipts = [word for word in words if "+" not in word]
    opened, committed, public, revealed = steps(entries)
    draw = entries[0]["subject"].partition("/")[2]
    if sha256(frame(draw, opened)) != opened["frame"]:
        raise Wrong("the lists do not have the hash that was fixed")
    seed = revealed["seed"]
    bound = f"{VERSION} commitment\n{draw}\n{opened['frame']}\n{seed}\n"
    if sha256(bound) != committed["commitment"]:
        raise Wrong("the seed is not the one that was committed to")
    text = f"{VERSION} key\n{draw}\n{opened['frame']}\n{public['value']}\n"
    key = hmac.new(bytes.fromhex(seed), text.encode(), "sha256").digest()
    if drawn(key, opened) != revealed["result"]:
        raise Wrong("drawing again gives another result")
    count = len(revealed["result"]["targets"])
    known = [hashlib.sha256(b"\0" + canonical(entry)).hexdigest() for entry in entries]
    for receipt in receipts:
        if receipt not in known:
            raise Wrong(f"no entry has the receipt {receipt}")
    lines = [
        f"draw {draw}, number {opened['number']} of {opened['plan']['shares'][0]['department']}",
        f"lists {opened['frame']}",
        f"public value: {committed['public_source']}: {public['value']}",
        f"{count} of {len(opened['plan']['population'])} drawn; drawing again gives the same",
    ]
    lines += afterwards(entries, key, opened)
    lines += included(proof, entries, [word for word in words if "+" in word])
    lines += [
        f"receipt {receipt} {entry['type']}" for receipt, entry in zip(known, entries, strict=True)
    ]
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Check the file that is named."""
    if not words:
        print(__doc__)
        return 2
    try:
        print(verify(Path(words[0]).read_bytes(), words[1:]))
    except Wrong as wrong:
        print(f"REFUSED: {wrong}")
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        print(f"REFUSED: the file cannot be read ({type(error).__name__})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
