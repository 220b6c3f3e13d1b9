"""反映问题: what somebody who scanned a code has to say about the visit, as a page takes it in.

For the portal and for a gate in another zone alike. Nobody is logged in, and the code may be a forged
one: what is said is a word, and whoever takes it up finds out.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from typing import Final

from portal.messages import fresh_id
from portal.pages.forms import Form
from portal.pages.gatepages import LONGEST
from portal.pages.language import marked
from schemas.base import Frozen, Id, Name, Text


class Concern(StrEnum):
    """What is wrong, in the reporter's eyes."""

    NO_CARD = "no_card"
    NO_NOTICE = "no_notice"
    OTHER_PEOPLE = "other_people"
    OTHER_ITEMS = "other_items"
    WRONG_TIME = "wrong_time"
    FAVOURS = "favours"
    OTHER = "other"


CONCERNS: Final = {
    Concern.NO_CARD: marked("没有出示执法证件，或证件不符"),
    Concern.NO_NOTICE: marked("没有检查通知书"),
    Concern.OTHER_PEOPLE: marked("来的人与页面上的不一致"),
    Concern.OTHER_ITEMS: marked("查了页面以外的事项"),
    Concern.WRONG_TIME: marked("不在有效时间内来"),
    Concern.FAVOURS: marked("索要财物、吃请或推销"),
    Concern.OTHER: marked("其他"),
}
"""What each is called on the page."""

LONGEST_WORD: Final = 500
"""Characters of what somebody writes. A stranger may write it, so it is short."""

NUMBER: Final = r"^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$"
"""How the number on a receipt looks."""

_FRESH: Final = re.compile(r"c-[0-9a-f]{32}")


class Reported(Frozen):
    """What was said at a code. ``id`` is the form's own: sent twice, it has its effect once.

    ``firm`` is what the reporter calls his enterprise, ``contact`` how to reach him.
    """

    id: Id
    code: Text
    concern: Concern
    text: Text | None = None
    firm: Name | None = None
    contact: Name | None = None

    @property
    def number(self) -> str:
        """The number on the receipt; the office finds the report by it."""
        digest = hashlib.sha256(f"report {self.id}".encode()).hexdigest()[:12].upper()
        return "-".join(digest[n : n + 4] for n in range(0, 12, 4))


def reported(form: Form, code: str) -> Reported | None:
    """Return what a form says; ``None`` where it says nothing, or more than the page takes."""
    concern, key = form.choice(Concern, "concern"), form.one("key")
    text, firm, contact = form.some("text"), form.some("firm"), form.some("contact")
    if concern is None or (concern is Concern.OTHER and text is None):
        return None
    if any(len(each or "") > LONGEST_WORD for each in (text, firm, contact)):
        return None
    try:
        return Reported(
            id=key if _FRESH.fullmatch(key) else fresh_id(),
            code=code[:LONGEST],
            concern=concern,
            text=text,
            firm=firm,
            contact=contact,
        )
    except ValueError:
        return None
