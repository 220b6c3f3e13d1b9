"""企业的权利: what an enterprise may insist on at a visit, and on which grounds it may decline one.

The grounds are those of the State Council office's opinion 54 of 2024 as press accounts report them; its
text was not read, so no article is named. A decline is put before the office as a problem, with its clock: nobody decides it at the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scheduler.states import VisitState
from schemas.base import Bilingual
from schemas.enterprise_problems import ProblemReport, ProblemSource, ProblemTopic
from schemas.problem_commands import ReportProblem

GROUNDS: Final[Mapping[str, Bilingual]] = {
    "subject": Bilingual(
        zh="来的不是公布的行政执法主体，或者是议事协调机构、第三方、外包中介",
        en="Who comes is no published enforcement body, or a committee, a third party, a contractor",
    ),
    "licence": Bilingual(
        zh="执法人员少于两人，或者不出示执法证件",
        en="Fewer than two officers, or they show no certificate",
    ),
    "item": Bilingual(
        zh="检查事项没有公布（清单之外无检查）",
        en="The inspection item is not published",
    ),
    "notice": Bilingual(
        zh="没有检查通知书，或者入企码核验不是绿色",
        en="No notice, or the code does not turn green",
    ),
}
"""On what an enterprise may decline a visit."""

ORIGIN: Final = "国办发〔2024〕54号，未见正式文本，据报道"  # noqa: RUF001 - the brackets of a Chinese number

RIGHTS: Final = (
    Bilingual(
        zh="先核验再开门：扫入企码，绿色才是真实有效的入企。",
        en="Check before you open: only a code that turns green stands for a genuine visit.",
    ),
    Bilingual(
        zh="法定代表人、负责人不必到场接待、陪同，由熟悉情况的人员配合即可。",
        en="Leaders need not receive or accompany anybody; somebody who knows the matter is enough.",
    ),
    Bilingual(
        zh="通知书写明要准备的材料；没有写明的，不因当场拿不出而认定违法。",
        en="The notice says what to prepare; what it does not say is no fault if it is not at hand.",
    ),
    Bilingual(
        zh="可以陈述、申辩，可以申请与检查有利害关系的人员回避。",
        en="You may explain and object, and ask that officers with an interest stay away.",
    ),
    Bilingual(
        zh="可以评价，被评部门看不到是谁评的；可以随时反映问题，限期受理。",
        en="You may rate, and the department does not learn who did; what you report is taken up in a set time.",
    ),
    Bilingual(
        zh="免打扰日只约束日常入企；有因法定检查和紧急情况不受限制。",
        en="Blocked days bind routine visits only; checks for cause and emergencies pass.",
    ),
)
"""What an enterprise may insist on."""


def declined(state: VisitState, ground: str, text: str | None) -> ReportProblem:
    """Return the command that puts a declined visit before the office.

    Raises:
        KeyError: If there is no such ground.
    """
    said = [f"企业拒绝这次入企：{GROUNDS[ground].zh}", *((text,) if text else ())]
    return ReportProblem(
        problem=ProblemReport(
            title=f"拒绝入企 {state.id[:12]}",
            text="\n".join(said),
            source=ProblemSource.ENTERPRISE,
            topic=ProblemTopic.ENFORCEMENT,
            enterprise=state.line.enterprise,
            about=state.id,
            against=state.line.lead,
        )
    )
