"""The child that reads a workbook: `python -m portal.importing.reading FILE` prints its rows as JSON.

A process of its own, with little memory and little time: whatever a file from outside does to the
parser, it does it here. It knows nothing of the project, and prints texts only.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY: Final = 1_500_000_000
SECONDS: Final = 60
MOST_ROWS: Final = 20_000
_EXACT: Final = 10**15  # beyond this a spreadsheet has rounded the number

PROTECTED: Final = 3
UNREADABLE: Final = 4


def main(path: str) -> int:
    """Print the first line about the sheet, then a line for each row; return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(Path(path).read_bytes()))
        visible = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
        if not visible:
            return UNREADABLE
        rows = book.get_sheet_by_name(visible[0]).to_python(
            skip_empty_area=False, nrows=MOST_ROWS + 2
        )
    except PasswordError:
        return PROTECTED
    except (CalamineError, ValueError):
        return UNREADABLE
    say({"sheet": visible[0], "sheets": len(visible)})
    for row in rows:
        say([text(cell) for cell in row])
    return 0


def say(value: object) -> None:
    """Print one line of JSON."""
    sys.stdout.write(f"{json.dumps(value)}\n")


def text(cell: Any) -> str | dict[str, str]:  # noqa: ANN401 - calamine's cells
    """Return a cell as somebody would have typed it; a number that was rounded says so."""
    match cell:
        case bool():
            return "是" if cell else "否"
        case float():
            return number(cell)
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def number(value: float) -> str | dict[str, str]:
    """Return a number without the point that spreadsheets add to whole ones."""
    if abs(value) >= _EXACT:
        return {"rounded": f"{value:.0f}"}
    return str(int(value)) if value.is_integer() else repr(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
