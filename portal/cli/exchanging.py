"""What the commands on problem and plan folders share: options, faults, figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from scheduler.exchange.faults import BadFiles

ProblemFolder = Annotated[
    Path, typer.Argument(metavar="PROBLEM", help="问题文件夹 / folder of a problem")
]
PlanFolder = Annotated[Path, typer.Argument(metavar="PLAN", help="计划文件夹 / folder of a plan")]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="写到此文件夹 / folder to write into")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="随机种子 / seed")]


@contextmanager
def faults_told(session: Session) -> Iterator[None]:
    """Turn files that make no problem or plan into exit code 3, with every fault told."""
    from scheduler.exchange.faults import BadFiles

    try:
        yield
    except BadFiles as bad:
        raise _stop(session, bad) from None


def _stop(session: Session, bad: BadFiles) -> Stop:
    told = [session.text(text.zh, text.en) for text in (fault.told() for fault in bad.faults)]
    if bad.total > len(told):
        rest = bad.total - len(told)
        told.append(session.text(f"另有 {rest} 处", f"and {rest} more"))
    faults = [
        {
            "file": fault.file,
            "line": fault.line,
            "column": fault.column,
            "value": fault.value,
            "reason": {"zh": fault.reason.zh, "en": fault.reason.en},
            "fix": {"zh": fault.fix.zh, "en": fault.fix.en},
        }
        for fault in bad.faults
    ]
    data = {"error": "bad-files", "faults": faults, "faults_total": bad.total}
    return Stop(Exit.BAD_ROWS, told, data)


def rounded(gap: float | None) -> float | None:
    """Return a gap as it is printed."""
    return None if gap is None else round(gap, 4)
