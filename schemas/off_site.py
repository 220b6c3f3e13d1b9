"""非现场监管: what is settled without an entry, in which way, with what result."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.base import Frozen, Id, Text
from schemas.enterprise_problems import Proof
from schemas.uscc import Uscc


class OffSiteWay(StrEnum):
    """非现场方式. ``SHARED`` takes over what another department found 处理结果互认."""

    DATA_CHECK = "data_check"
    PHONE = "phone"
    ONLINE = "online"
    WRITTEN = "written"
    SHARED = "shared"


class OffSiteResult(StrEnum):
    """What came of it. ``VISIT_NEEDED`` is the ground of a visit, and not yet one."""

    CLEAR = "clear"
    GUIDED = "guided"
    RECTIFIED = "rectified"
    VISIT_NEEDED = "visit_needed"


class KnownResult(Frozen):
    """A result that stands: of a department's visit or off-site task ``id``, about one of its items."""

    kind: Literal["visit", "off_site"]
    id: Id
    department: Id
    item: Id


class OffSiteTask(Frozen):
    """非现场任务. A department checks these items at an enterprise without coming."""

    department: Id
    enterprise: Uscc
    way: OffSiteWay
    items: tuple[Id, ...] = Field(min_length=1, max_length=60)
    text: Text
    source: KnownResult | None = None


class OffSiteSettlement(Frozen):
    """办结. The result, what was looked at, and files that show it by name and SHA-256."""

    result: OffSiteResult
    text: Text
    proofs: tuple[Proof, ...] = Field(default=(), max_length=20)
