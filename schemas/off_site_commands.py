"""Commands of off-site supervision 非现场监管, and of results that are taken over 处理结果互认."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Id, Text
from schemas.command_base import CommandBase
from schemas.off_site import KnownResult, OffSiteSettlement, OffSiteWay
from schemas.uscc import Uscc


class OpenOffSite(CommandBase):
    """Open a task that is done without an entry."""

    type: Literal["cn.wurao.off_site.open.v1"] = "cn.wurao.off_site.open.v1"
    department: Id
    enterprise: Uscc
    way: OffSiteWay
    items: tuple[Id, ...] = Field(min_length=1, max_length=60)
    text: Text


class SettleOffSite(CommandBase):
    """办结. Put a task's result on record."""

    type: Literal["cn.wurao.off_site.settle.v1"] = "cn.wurao.off_site.settle.v1"
    task: Id
    settlement: OffSiteSettlement


class DropOffSite(CommandBase):
    """Drop a task, with the reason."""

    type: Literal["cn.wurao.off_site.drop.v1"] = "cn.wurao.off_site.drop.v1"
    task: Id
    reason: Text


class TakeOverResult(CommandBase):
    """互认. Take over what another department found about the same thing; nobody comes for ``item``."""

    type: Literal["cn.wurao.result.take_over.v1"] = "cn.wurao.result.take_over.v1"
    department: Id
    enterprise: Uscc
    item: Id
    source: KnownResult


OffSiteCommand = OpenOffSite | SettleOffSite | DropOffSite | TakeOverResult
