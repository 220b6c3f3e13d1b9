"""证据包 for 考核, 巡察, 审计 and 经济责任审计: a signed scorecard with the lists and entries behind it.

It is a package like any other (``portal.archives.package``), so ``wurao audit check`` checks it: the
entries of the card's own stream and of every visit, request and problem that a number counts, each with
its path to a signed checkpoint; beside them the card as PDF and the list behind each indicator as CSV.
"""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from portal.archives.make import Packed, pack
from portal.archives.papers import printed
from portal.matters import scorecards as cards
from portal.matters.scorecards import Draft
from portal.papers import bulletins as papers
from portal.proof.draws import history_of
from portal.running.service import Service
from portal.spreadsheets import guarded
from scheduler import keys
from schemas.privacy import Keeps
from schemas.registry import Department


async def pack_evidence(service: Service, department: str, period: str, path: Path) -> Packed:
    """Write the evidence pack of a department's newest signed card.

    Raises:
        LookupError: If none was signed.
    """
    queries = service.queries
    state = await cards.card(queries, department, period)
    record = await queries.get(Department, keys.department(department))
    if state is None or record is None:
        msg = f"没有签发的督查表: {department} {period} / no scorecard was signed"
        raise LookupError(msg)
    found = await cards.draft(queries, department, period, service.clock.now().date())
    rows = {key for each in found.counted for key in (*each.parts, *each.wholes)}
    streams = {key for key in rows if key.startswith(("visit/", "problem/"))}
    streams |= {key.split("/", 2)[2] for key in rows if key.startswith("deadline/")}
    streams.add(keys.scorecard(department, period))
    bodies = await history_of(service).of(sorted(streams))
    files = {
        **await printed({"scorecard.pdf": papers.card(period, record.name, state.newest)}),
        **_lists(found),
    }
    about = {"kind": "evidence", "about": f"{department}/{period}"}
    return await pack(service, path, about, bodies, files, Keeps.PERIOD)


async def evidence_pack(service: Service, department: str, period: str) -> bytes:
    """Return the evidence pack as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "evidence.zip"
        await pack_evidence(service, department, period, path)
        return path.read_bytes()


def _lists(found: Draft) -> dict[str, bytes]:
    """Return the list behind each indicator: every row, and whether it is in the part."""
    lists = {}
    for each in found.counted:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("row", "counted"))
        inside = set(each.parts)
        for key in dict.fromkeys((*each.parts, *each.wholes)):
            writer.writerow((guarded(key), int(key in inside)))
        lists[f"{each.indicator.value}.csv"] = out.getvalue().encode("utf-8-sig")
    return lists
