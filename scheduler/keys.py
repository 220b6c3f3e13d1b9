"""Keys of cells and streams, each written in one place."""

from __future__ import annotations

from datetime import date

POLICY = "policy/current"
CALENDARS = "calendar/all"
RETENTION = "retention/current"
ENTRY_CAP = "tally/entries"


def department(id_: str) -> str:
    """Return the key of a department."""
    return f"department/{id_}"


def officer(id_: str) -> str:
    """Return the key of an officer."""
    return f"officer/{id_}"


def enterprise(id_: str) -> str:
    """Return the key of an enterprise."""
    return f"enterprise/{id_}"


def item(id_: str) -> str:
    """Return the key of an inspection item."""
    return f"item/{id_}"


def month(of: str) -> str:
    """Return the key of a month's planning."""
    return f"month/{of}"


def month_of(day: date) -> str:
    """Return the month of a day, such as ``2026-12``."""
    return f"{day.year:04d}-{day.month:02d}"


def months_after(month_: str, count: int) -> str:
    """Return the month that comes so many months after another."""
    year, number = map(int, month_.split("-"))
    index = year * 12 + number - 1 + count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def capacity(department_: str, day: date) -> str:
    """Return the key of a department's stated capacity on a day."""
    return f"capacity/{department_}/{day}"


def baseline(department_: str, year: int) -> str:
    """Return the key of a department's baseline year."""
    return f"baseline/{department_}/{year}"


def annual(department_: str, year: int) -> str:
    """Return the key of a department's plan of a year."""
    return f"annual/{department_}/{year}"


def budget_move(id_: str) -> str:
    """Return the stream of units that somebody asked to move."""
    return f"budget_move/{id_}"


def first_of(month_: str) -> date:
    """Return the first day of a month."""
    return date.fromisoformat(f"{month_}-01")


def scorecard(department_: str, period: str) -> str:
    """Return the key of a department's signed figures of a period."""
    return f"scorecard/{department_}/{period}"


def bulletin(period: str) -> str:
    """Return the key of a period's bulletins."""
    return f"bulletin/{period}"


def draft(month_: str, version: int) -> str:
    """Return the key of a version of a month's plan."""
    return f"draft/{month_}/{version:03d}"


def request(id_: str) -> str:
    """Return the key of a request."""
    return f"request/{id_}"


def visit(id_: str) -> str:
    """Return the key of a visit."""
    return f"visit/{id_}"


def draw(id_: str) -> str:
    """Return the key of a draw."""
    return f"draw/{id_}"


def alert(id_: str) -> str:
    """Return the key of an alert that was taken up."""
    return f"alert/{id_}"


def sealed(id_: str) -> str:
    """Return the key of a sealed visit."""
    return f"sealed/{id_}"


def identity(id_: str) -> str:
    """Return the key of the opening of an identity."""
    return f"identity/{id_}"


def problem(id_: str) -> str:
    """Return the key of an enterprise's problem."""
    return f"problem/{id_}"


def pool(month_: str) -> str:
    """Return the key of a month of the problem pool."""
    return f"pool/{month_}"


def look_back(month_: str) -> str:
    """Return the key of the look back at the problems closed in a month."""
    return f"look_back/{month_}"


def callback(id_: str) -> str:
    """Return the key of a callback after a bad rating."""
    return f"callback/{id_}"


def called_back(visit_: str) -> str:
    """Return the tally key of a visit's callback: there is one at most."""
    return f"tally/callback/{visit_}"


def territory(id_: str) -> str:
    """Return the key of a part of the territory tree."""
    return f"territory/{id_}"


def pairing(id_: str) -> str:
    """Return the key of the pairing of an official with an enterprise."""
    return f"pairing/{id_}"


def chain(id_: str) -> str:
    """Return the key of an industrial chain."""
    return f"chain/{id_}"


def project(id_: str) -> str:
    """Return the key of a project."""
    return f"project/{id_}"


def meeting(id_: str) -> str:
    """Return the key of a round table or of a task force's meeting."""
    return f"meeting/{id_}"


def package(id_: str) -> str:
    """Return the key of a package of policies or services."""
    return f"package/{id_}"


def pulse(enterprise_: str) -> str:
    """Return the key of what a monitoring point is asked regularly."""
    return f"pulse/{enterprise_}"


def code_list(id_: str) -> str:
    """Return the key of a list of codes."""
    return f"code_list/{id_}"


def act(id_: str) -> str:
    """Return the key of an act that needed no visit."""
    return f"act/{id_}"


def offences(enterprise_: str, code: str) -> str:
    """Return the tally key of how often a code was cited against an enterprise."""
    return f"tally/offence/{enterprise_}/{code}"


def presence(id_: str) -> str:
    """Return the key of a pass to stay at an enterprise."""
    return f"presence/{id_}"


def off_site(id_: str) -> str:
    """Return the key of a task that opens no door."""
    return f"off_site/{id_}"


def bundle(id_: str) -> str:
    """Return the key of a trade's bundle."""
    return f"bundle/{id_}"


def joint(id_: str) -> str:
    """Return the key of a joint visit that was proposed."""
    return f"joint/{id_}"


def campaign(id_: str) -> str:
    """Return the key of a campaign."""
    return f"campaign/{id_}"


def lead(id_: str) -> str:
    """Return the key of a lead that was handed over."""
    return f"lead/{id_}"


PROBLEMS_OPEN = "tally/problems/open"
"""The tally of the problems that are open: no clearing of the pool can leave one out."""


def problems_closed(month_: str) -> str:
    """Return the tally key of the problems that were closed in a month and are still closed."""
    return f"tally/problems/closed/{month_}"


def draws_of(department_: str, year: int) -> str:
    """Return the tally key of the draws that a department led in a year, those withdrawn too."""
    return f"tally/draws/{department_}/{year}"


def privacy(subject: str) -> str:
    """Return the key of what became of a subject's personal data."""
    return f"privacy/{subject}"


def keyring(ring: str) -> str:
    """Return the key of what became of a key ring."""
    return f"keyring/{ring}"


def reveals(month: str) -> str:
    """Return the key of a month's looks at personal data."""
    return f"reveal/{month}"


def deadline(rule: str, about: str) -> str:
    """Return the key of the deadline that a rule sets for a stream."""
    return f"deadline/{rule}/{about}"


def cap(rule: str, *parts: str) -> str:
    """Return the tally key of a cap."""
    return "/".join(("tally/cap", rule, *parts))


def entry_cap(rule: str, *parts: str) -> str:
    """Return the tally key of a cap that counts entries, however many departments come."""
    return "/".join((ENTRY_CAP, rule, *parts))


def lifted(cap_: str) -> str:
    """Return the tally key of those units of a cap that an approval admits above its limit."""
    return f"{cap_}/lifted"


def unit(cap_: str, department_: str, enterprise_: str, day: date) -> str:
    """Return the tally key of one unit of a cap: a presence there, or an entry.

    Several visits of a day may share the unit: it is a department at an enterprise on a day, or for
    a cap on entries the enterprise's day alone.
    """
    whose = "-" if cap_.startswith(f"{ENTRY_CAP}/") else department_
    return f"tally/unit/{whose}/{enterprise_}/{day}/{cap_.removeprefix('tally/')}"


def external_code(number: str) -> str:
    """Return the tally key of an external 检查码, which stands for one visit at a time."""
    return f"tally/external/{number}"


def department_day(department_: str, day: date) -> str:
    """Return the tally key of the units of a department used on a day."""
    return f"tally/day/{department_}/{day}"


def officer_half(officer_: str, day: date, half: str) -> str:
    """Return the tally key of an officer's half-day."""
    return f"tally/officer/{officer_}/{day}/{half}"
