"""What is wrong with files of the problem format, said so that whoever wrote them can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SHOWN: Final = 100  # faults told one by one; the others are counted
_CELL: Final = 60  # characters of a cell that a message repeats


@dataclass(frozen=True, slots=True)
class Said:
    """A text in both languages."""

    zh: str
    en: str


class CellFault(ValueError):  # noqa: N818 - it names what stands in the cell
    """Why a cell cannot be read, and what to write instead."""

    def __init__(self, reason: Said, fix: Said) -> None:
        self.reason = reason
        self.fix = fix
        super().__init__(reason.en)


def cell_fault(zh: str, en: str, fix_zh: str, fix_en: str) -> CellFault:
    """Return the fault of a cell from its texts."""
    return CellFault(Said(_printable(zh), _printable(en)), Said(fix_zh, fix_en))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at one place.

    Parameters
    ----------
    line
        As an editor counts it, from 1; 0 where the file as a whole is at fault.
    column
        The heading; empty where the line as a whole is at fault.
    """

    file: str
    line: int
    column: str
    value: str
    reason: Said
    fix: Said

    def place(self) -> str:
        """Return file, line and column as one word."""
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line}" + (f" {self.column}" if self.column else "")

    def told(self) -> Said:
        """Return the fault as one line in each language."""
        value = f" {shown(self.value)!r}" if self.value else ""
        return Said(
            zh=f"{self.place()}{value}: {self.reason.zh}; {self.fix.zh}",
            en=f"{self.place()}{value}: {self.reason.en}; {self.fix.en}",
        )


class BadFiles(ValueError):  # noqa: N818 - it names what was handed in
    """Files that make no problem or plan: the first faults in full, and how many there are."""

    def __init__(self, faults: Iterable[Fault], total: int) -> None:
        self.faults = tuple(faults)
        self.total = total
        super().__init__("\n".join(fault.told().en for fault in self.faults))


class Faults:
    """Collects faults over all files; keeps the first hundred and counts the others."""

    def __init__(self) -> None:
        self._kept: list[Fault] = []
        self.total = 0

    def add(self, file: str, line: int, column: str, value: str, why: CellFault) -> None:
        """Add one."""
        self.total += 1
        if len(self._kept) < SHOWN:
            self._kept.append(Fault(file, line, column, value, why.reason, why.fix))

    def full(self) -> bool:
        """Whether further faults are only counted."""
        return len(self._kept) == SHOWN

    def count(self, number: int) -> None:
        """Count faults that are not told."""
        self.total += number

    def error(self) -> BadFiles:
        """Return everything found so far as the error that ends the reading."""
        return BadFiles(self._kept, self.total)


def shown(value: str) -> str:
    """Return a cell as a message may repeat it: short, on one line, nothing invisible."""
    one_line = _printable(value)
    return one_line if len(one_line) <= _CELL else f"{one_line[: _CELL - 1]}…"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
