"""Verify the bundle of a 双随机 draw, with Python's standard library and nothing else.

    python3 verify_draw.py BUNDLE [RECEIPT ...]

BUNDLE is the file that the draw room hands out. A RECEIPT is the hash that was handed out when the
draw was opened or the seed committed to; if you kept one, the bundle must hold that very entry.
Prints what the bundle proves and ends with 0; or prints what is wrong and ends with 1.

What is checked, in this order:
1. the file is canonical JSON, and its SHA-256 is the one it states;
2. its entries are one draw's, complete and in order;
3. the seed was committed to before the public value could be known, and revealed after it;
4. the lists have the hash that was fixed when the draw was opened;
5. the revealed seed is the one that was committed to;
6. drawing again, here, gives the very same enterprises and inspectors.

Written from the description in docs/how-to/check-a-draw.md, not from the system's own code.
"""

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


def read(body: bytes) -> list[dict[str, Any]]:
    """Return a bundle's entries, if the file is what it says."""
    try:
        found = json.loads(body.decode(), object_pairs_hook=once)
    except ValueError as error:
        raise Wrong("this is no JSON") from error
    if not isinstance(found, dict) or set(found) != {"format", "entries", "sha256"}:
        raise Wrong("this is no bundle")
    if canonical(found) + b"\n" != body:
        raise Wrong("the file is not in its canonical form")
    content = {"format": found["format"], "entries": found["entries"]}
    if hashlib.sha256(canonical(content)).hexdigest() != found["sha256"]:
        raise Wrong("the file's digest does not fit")
    if found["format"] != "wurao-draw-bundle/1":
        raise Wrong("another format")
    entries: list[dict[str, Any]] = found["entries"]
    return entries


def steps(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the data of the four steps, if nothing is missing or out of order."""
    if entries and entries[-1]["type"] == "cn.wurao.draw.withdrawn.v1":
        entries = entries[:-1]
    if [entry["type"] for entry in entries] != [f"cn.wurao.draw.{step}.v1" for step in STEPS]:
        raise Wrong("these are not the steps of a draw")
    if [entry["sequence"] for entry in entries] != [1, 2, 3, 4]:
        raise Wrong("entries are missing")
    if len({entry["subject"] for entry in entries}) != 1:
        raise Wrong("entries of several draws")
    places = [entry["position"] for entry in entries]
    if places != sorted(set(places)):
        raise Wrong("entries are out of order")
    _, committed, public, revealed = (instant(entry["recordedtime"]) for entry in entries)
    known = instant(entries[1]["data"]["public_at"])
    if not committed < known <= public <= revealed:
        raise Wrong("the seed was committed to after the public value could be known")
    return [entry["data"] for entry in entries]


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


def verify(body: bytes, receipts: list[str]) -> str:
    """Check a bundle; return what it proves, as text."""
    entries = read(body)
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
    if entries[-1]["type"].endswith(".withdrawn.v1"):
        lines.append(f"WITHDRAWN: {entries[-1]['data']['reason']}")
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
