"""``wurao campaign``: special inspections and surveys, proposed, approved, published, kept to their number."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import yaml

from portal.cli.acting import By, Key, clerk, hand_in, office
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import campaigns
from portal.messages import Sender
from schemas import campaign_commands as c
from schemas.campaigns import Campaign
from schemas.envelope import ActorRole
from schemas.visits import Decision

app = typer.Typer(name="campaign", help="专项检查 / campaigns", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="专项检查编号 / id of the campaign")]
Lead = Annotated[str, typer.Option("--lead", help="牵头部门 / lead department")]


@command(app, "list")
async def list_(session: Session) -> None:
    """专项检查, 待批的在前 / campaigns, those that wait for a decision first."""
    async with session.service() as service:
        rows = await campaigns.listed(service.queries)
    session.table(
        [
            ("编号", "id"),
            ("名称", "title"),
            ("状态", "status"),
            ("已用", "taken"),
            ("数量", "number"),
        ],
        [
            (r.state.id, r.state.newest.campaign.title, r.state.status.value, r.taken, r.number)
            for r in rows
        ],
    )
    session.result(
        campaigns=[
            {"id": r.state.id, "status": r.state.status.value, "taken": r.taken, "number": r.number}
            for r in rows
        ]
    )


@command(app, "propose", acts=True)
async def propose(
    session: Session,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="方案 (YAML 或 JSON) / the plan")],
    amends: Annotated[str | None, typer.Option(help="修改哪一个 / which one it amends")] = None,
    reason: Annotated[str | None, typer.Option(help="修改的理由 / why")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """提出或修改方案 / propose a campaign, or amend one."""
    with bad_values():
        plan = Campaign.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        asked = c.ProposeCampaign(campaign=plan, amends=amends, reason=reason)
    await hand_in(session, asked, clerk(plan.lead, by), key)


@command(app, "decide", acts=True)
async def decide(
    session: Session,
    *,
    campaign: Id,
    version: Annotated[int, typer.Option(help="哪一版 / which version")] = 1,
    refuse: Annotated[str | None, typer.Option(help="退回的理由 / why it is sent back")] = None,
    superior: Annotated[
        bool, typer.Option(help="上级部署的, 由优化办登记 / noted by the office")
    ] = False,
    by: By = None,
    key: Key = None,
) -> None:
    """批准或退回 / approve, or send back with a reason."""
    decision = Decision.APPROVED if refuse is None else Decision.REFUSED
    asked = c.DecideCampaign(campaign=campaign, version=version, decision=decision, reason=refuse)
    leader = Sender.of(by or "leader", ActorRole.LEADER)
    await hand_in(session, asked, office(by) if superior else leader, key)


@command(app, "publish", acts=True)
async def publish(
    session: Session, *, campaign: Id, lead: Lead, by: By = None, key: Key = None
) -> None:
    """公布方案 / publish the approved plan."""
    await hand_in(session, c.PublishCampaign(campaign=campaign), clerk(lead, by), key)


@command(app, "end", acts=True)
async def end(
    session: Session,
    *,
    campaign: Id,
    lead: Lead,
    result: Annotated[str, typer.Option(help="实效 / what came of it")],
    by: By = None,
    key: Key = None,
) -> None:
    """结束 / end a campaign and say what came of it."""
    await hand_in(session, c.EndCampaign(campaign=campaign, result=result), clerk(lead, by), key)
