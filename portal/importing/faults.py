"""What is wrong with a file or with one cell of it, said so that the sender can mend it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.settings import Lang
from portal.wording.language import say
from schemas.base import Bilingual

_SHOWN = 60  # characters of a cell that a message repeats
_LONGEST = 1000  # characters of a message


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing that is wrong in one row.

    ``row`` is the number that a spreadsheet shows (the heading is row 1); ``column`` the heading as
    it stands in the file, empty when the row as a whole is at fault. A ``doubt`` is a warning: the
    row is taken.
    """

    row: int
    column: str
    value: str
    reason: Bilingual
    fix: Bilingual
    code: str = "cell"
    doubt: bool = False

    def told(self, lang: Lang = Lang.BOTH) -> str:
        """Return the fault as one line of text."""
        where = f"{self.column}: " if self.column else ""
        value = f"「{shown(self.value)}」 " if self.value else ""
        reason = say(self.reason.zh, self.reason.en, lang)
        return f"{where}{value}{reason}; {say(self.fix.zh, self.fix.en, lang)}"


class CellFault(ValueError):  # noqa: N818 - it names what stands in the cell
    """A cell that cannot be read: why, and what to write instead."""

    def __init__(self, reason: Bilingual, fix: Bilingual) -> None:
        self.reason = reason
        self.fix = fix
        super().__init__(f"{reason.zh} / {reason.en}")


class BadFile(ValueError):  # noqa: N818 - it names what was handed in
    """A file of which no row can be read: why, and how to mend it."""

    def __init__(self, reason: Bilingual, fix: Bilingual) -> None:
        self.reason = reason
        self.fix = fix
        super().__init__(f"{reason.zh} / {reason.en}")

    def told(self, lang: Lang = Lang.BOTH) -> str:
        """Return the fault as one line of text."""
        return f"{say(self.reason.zh, self.reason.en, lang)}; {say(self.fix.zh, self.fix.en, lang)}"


def cell_fault(zh: str, en: str, fix_zh: str, fix_en: str) -> CellFault:
    """Return the fault of a cell from its texts."""
    return CellFault(_said(zh, en), _said(fix_zh, fix_en))


def bad_file(zh: str, en: str, fix_zh: str, fix_en: str) -> BadFile:
    """Return the fault of a file from its texts."""
    return BadFile(_said(zh, en), _said(fix_zh, fix_en))


def _said(zh: str, en: str) -> Bilingual:
    """Return a text that may repeat what stands in a file: nothing invisible, nothing endless."""
    return Bilingual(zh=_plain(zh), en=_plain(en))


def _plain(text: str) -> str:
    one_line = "".join(c if c.isprintable() else " " for c in text)
    return one_line if len(one_line) <= _LONGEST else f"{one_line[: _LONGEST - 1]}…"


def shown(value: str) -> str:
    """Return a cell as a message may repeat it: short, on one line, nothing invisible."""
    one_line = "".join(c if c.isprintable() else " " for c in value)
    return one_line if len(one_line) <= _SHOWN else f"{one_line[: _SHOWN - 1]}…"
