"""What people are called by their role."""

from __future__ import annotations

from typing import Final

from portal.pages.language import marked
from schemas.envelope import ActorRole

ROLES: Final = {
    ActorRole.CLERK: marked("部门经办"),
    ActorRole.HEAD: marked("主体负责人"),
    ActorRole.LEGAL: marked("法制审核"),
    ActorRole.LEADER: marked("书记/市长"),
    ActorRole.SCHEDULER: marked("优化办"),
    ActorRole.OFFICER: marked("执法人员"),
    ActorRole.ENTERPRISE: marked("企业"),
    ActorRole.ADMIN: marked("系统管理员"),
    ActorRole.AUDITOR: marked("监督审计"),
    ActorRole.CONGRESS: marked("人大"),
    ActorRole.CONSULTATIVE: marked("政协"),
    ActorRole.DISCIPLINE: marked("纪委监委"),
    ActorRole.MEDIA: marked("媒体"),
    ActorRole.OBSERVER: marked("两官一员"),
    ActorRole.HOTLINE: marked("12345热线"),
}
"""Each role of people with its name."""
