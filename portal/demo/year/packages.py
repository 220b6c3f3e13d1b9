"""政策包、服务包 in the year: what the office publishes each quarter, and who is handed it."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.desk import Asked, Desk
from portal.demo.year.agenda import Agenda
from portal.proof import evidence
from portal.resources import deploy_dir
from schemas.meeting_commands import PublishPackage
from schemas.meetings import Package, PackageKind

ON_CONTACT, ON_VISIT = 0.15, 0.5
"""Chances that a contact brings the quarter's policies along, and a service visit what is on offer."""

_FILE: Final = "policy-package.pdf"
_NAMES: Final = {
    PackageKind.POLICY: "{quarter}季度惠企政策包（演示）",
    PackageKind.SERVICE: "{quarter}季度服务包（演示）",
}


def package_of(kind: PackageKind, day: date) -> str:
    """Return the id of the package that is handed over on a day: its quarter's."""
    return f"{kind.value}-{day.year}-q{_quarter(day)}"


def _quarter(day: date) -> int:
    return (day.month - 1) // 3 + 1


def on_contact(random: Random, day: date) -> tuple[str, ...]:
    """Return what a contact brings along."""
    return (package_of(PackageKind.POLICY, day),) if random.random() < ON_CONTACT else ()


def on_visit(random: Random, day: date) -> tuple[str, ...]:
    """Return what a service visit brings along."""
    both = tuple(package_of(kind, day) for kind in PackageKind)
    return both if random.random() < ON_VISIT else ()


class Packages:
    """Publishes the packages of each quarter."""

    def __init__(self, desk: Desk, agenda: Agenda) -> None:
        self._desk = desk
        self._agenda = agenda
        self._published: set[str] = set()

    async def month(self, day: date) -> None:
        """On a month's first working day: publish its quarter's packages unless they are out."""
        for kind in PackageKind:
            id_ = package_of(kind, day)
            if id_ in self._published:
                continue
            self._published.add(id_)
            # Another file is another package, so each says in a comment whose it is.
            body = (deploy_dir("demo") / _FILE).read_bytes() + f"\n% {id_}\n".encode()
            kept = await evidence.keep(self._desk.service, body, day)
            package = Package(
                id=id_,
                name=_NAMES[kind].format(quarter=_quarter(day)),
                kind=kind,
                sha256=kept.sha256,
                media=kept.media,
                size=kept.size,
            )
            command = PublishPackage(package=package)
            self._agenda.put(Asked(f"package-{id_}", d.OFFICE, at(day, 8), command))
