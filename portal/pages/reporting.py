"""What was reported at a scanned code becomes a problem for the office, with what the code says."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from portal.http.identity import Principal
from portal.pages.concerns import CONCERNS, Concern, Reported
from portal.pages.faces import standing
from portal.pages.verdict import SAID, judged
from scheduler import keys
from scheduler.states import VisitState
from schemas.enterprise_problems import ProblemReport, ProblemSource, ProblemTopic
from schemas.envelope import Actor, ActorRole
from schemas.problem_commands import ReportProblem
from streams.credentials import KeyedCredentials
from streams.queries import Queries

REPORTER: Final = Principal(Actor(id="scan-page", role=ActorRole.SCHEDULER))
"""Who takes a stranger's word in: the office's own page. Nobody is certain to have spoken."""

_TOPICS: Final = {Concern.FAVOURS: ProblemTopic.CONDUCT}
"""Whatever is not here is about enforcement."""


async def problem_of(
    found: Reported, queries: Queries, credentials: KeyedCredentials, now: datetime
) -> ReportProblem:
    """Return the command that takes a report in; its title holds the number on the receipt.

    A genuine code names the enterprise and the visit; of a forged one only the word is left.
    """
    code = credentials.inspect(found.code)
    state = await queries.get(VisitState, keys.visit(code.visit)) if code else None
    verdict = SAID[judged(code, standing(state) if state else None, now)]
    said = [CONCERNS[found.concern], f"扫码结论：{verdict}"]
    if found.firm is not None:
        said.append(f"反映人自称企业：{found.firm}")
    if found.text is not None:
        said.append(found.text)
    return ReportProblem(
        problem=ProblemReport(
            title=f"扫码反映 {found.number}",
            text="\n".join(said),
            source=ProblemSource.VISIT,
            topic=_TOPICS.get(found.concern, ProblemTopic.ENFORCEMENT),
            enterprise=state.line.enterprise if state else None,
            about=state.id if state else None,
        ),
        reporter=found.contact,
    )
