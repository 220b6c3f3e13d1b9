"""The read models as data: each table with its columns and its natural key.

This list is the one description of the tables. The statements that write them are made from it, the
migrations are held against it by a test, and a replay compares exactly what stands here. No table
has a clock or a serial number, so the same ledger gives the same rows. A column that came later has a
default: what a replay gives where the state says nothing, for an older worker writes no such column.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its Postgres type, whether it may be empty, and what it is by default."""

    name: str
    type: str
    empty: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of read models.

    ``owner`` are the leading columns of the key that tell which cell a row comes from. Where they
    are the whole key a cell has one row for ever; else rows may come and go with the cell's state.
    """

    name: str
    key: tuple[str, ...]
    owner: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def many(self) -> bool:
        """Whether a cell may have any number of rows here."""
        return self.owner != self.key


def _table(name: str, key: str, columns: str, owner: str | None = None) -> Table:
    """Read a table from words: ``day date?`` may be empty, ``version bigint=1`` has a default."""
    parsed = []
    for line in columns.replace("\n", " ").split(","):
        column, words = line.split()
        type_, _, default = words.partition("=")
        parsed.append(Column(column, type_.removesuffix("?"), type_.endswith("?"), default or None))
    keys = tuple(key.split())
    return Table(name, keys, keys if owner is None else tuple(owner.split()), tuple(parsed))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        # ------------------------------------------------------------ registry
        _table(
            "department",
            "id",
            "id text, name text, level text, jurisdiction text, enforcement_subject boolean, "
            "unit text, daily_units bigint, ordinary_units bigint, teams bigint, generated boolean",
        ),
        _table(
            "officer",
            "id",
            "id text, department text, name text, licence text?, licence_until date?, "
            "generated boolean",
        ),
        _table(
            "recusal",
            "officer enterprise",
            "officer text, enterprise text",
            owner="officer",
        ),
        _table(
            "enterprise",
            "id",
            "id text, name text, site text, township text?, industry text?, affiliation text?, "
            "risk text, credit text, standing text, key_enterprise boolean, generated boolean",
        ),
        _table(
            "closed_day",
            "enterprise day",
            "enterprise text, day date",
            owner="enterprise",
        ),
        _table(
            "item",
            "id",
            "id text, department text, name text, basis text, published boolean, minutes bigint, "
            "generated boolean, standard text?, version bigint=1",
        ),
        _table(
            "policy_layer",
            "line",
            "line bigint, policy text, version bigint, scope text, adoption bigint, "
            "as_if_from date?",
            owner="",
        ),
        _table(
            "calendar",
            "year",
            "year bigint, version bigint, status text",
            owner="",
        ),
        _table("capacity", "department day", "department text, day date, units bigint"),
        _table(
            "baseline",
            "department year month",
            "department text, year bigint, month bigint, entries bigint, evidence text",
            owner="department year",
        ),
        _table(
            "annual",
            "department year",
            "department text, year bigint, version bigint, status text, late boolean, "
            "approved bigint, published bigint, lines bigint, entries bigint",
        ),
        # ------------------------------------------------------------ accountability
        _table(
            "scorecard",
            "department period",
            "department text, period text, version bigint, status text, points bigint, "
            "possible bigint, vetoed boolean",
        ),
        _table("bulletin", "period", "period text, version bigint, departments bigint"),
        # ------------------------------------------------------------ requests
        _table(
            "request",
            "id",
            "id text, department text, enterprise text, purpose text, lane text, status text, "
            "month text, window_first date, window_last date, duration bigint, people bigint, "
            "announced boolean, ground text?, reference text?, last_legal_date date?, "
            "submitted timestamptz, submitted_by text, approved boolean, confirmed boolean, "
            "objections bigint, unplaced text?, carried bigint, visit text?, day date?, "
            "generated boolean, plan_line text?, off_plan boolean, on_site text?, campaign text?, "
            "joint text?",
        ),
        _table(
            "approval",
            "request line",
            "request text, line bigint, role text, decision text, given timestamptz, "
            "given_by text, on_paper boolean",
            owner="request",
        ),
        _table(
            "objection",
            "about line",
            "about text, line bigint, rule text, cap text?",
            owner="about",
        ),
        # ------------------------------------------------------------ plans
        _table(
            "month",
            "month",
            "month text, closed boolean, drafted bigint, published bigint, answer_by date?",
        ),
        _table(
            "draft",
            "month version",
            "month text, version bigint, answer_by date, lines bigint, unplaced bigint, "
            "entries bigint, entries_bound bigint, objective bigint, bound bigint, "
            "snapshot text, seed bigint, step bigint",
        ),
        _table(
            "draft_line",
            "month version visit",
            "month text, version bigint, visit text, enterprise text, day date, half text?, "
            "lead text, purpose text, departments bigint, requests bigint",
            owner="month version",
        ),
        _table(
            "draft_unplaced",
            "month version request",
            "month text, version bigint, request text, department text, cause text, "
            "carried boolean, must boolean",
            owner="month version",
        ),
        _table(
            "draft_answer",
            "month version line",
            "month text, version bigint, line bigint, department text, visit text, answer text",
            owner="month version",
        ),
        # ------------------------------------------------------------ visits
        _table(
            "visit",
            "id",
            "id text, enterprise text, day date, half text?, month text?, lane text, "
            "purpose text, exempt text?, status text, lead text, departments bigint, "
            "requests bigint, announced boolean, approval_to_follow boolean, approved boolean, "
            "filing text?, filed timestamptz?, filing_late boolean, filing_back_dated boolean, "
            "coded boolean, serial text?, code_revoked boolean, external_code text?, "
            "entered timestamptz?, offline boolean, late_reason boolean, left_at timestamptz?, "
            "no_entry text?, outcomes bigint, found boolean, rated text?",
        ),
        _table(
            "visit_part",
            "visit department",
            "visit text, department text, enterprise text, day date, lead boolean, units bigint, "
            "requests bigint, items bigint, officers bigint, absent boolean, outcome boolean, "
            "found boolean, measure text?",
            owner="visit",
        ),
        _table(
            "visit_officer",
            "visit department officer",
            "visit text, department text, officer text, day date, half text?",
            owner="visit",
        ),
        # The grade stands apart from the visit, so that who may read visits need not see it.
        _table(
            "rating",
            "visit",
            "visit text, grade text, beyond_items boolean, forward boolean",
        ),
        # ------------------------------------------------------------ counts, dates, refusals
        _table("tally", "key", "key text, family text, reserved bigint, used bigint"),
        _table(
            "deadline",
            "id",
            "id text, rule text, about text, owner text, recipient text, since date, "
            "working_days bigint, status text",
        ),
        # ------------------------------------------------------------ supervision
        _table(
            "draw",
            "id",
            "id text, lead text, number bigint, title text, status text, opened timestamptz, "
            "window_first date, window_last date, members bigint, inspectors bigint, "
            "drawn bigint, repeats text?",
        ),
        _table(
            "draw_department",
            "draw department",
            "draw text, department text",
            owner="draw",
        ),
        _table(
            "alert",
            "id",
            "id text, rule text, about text, enterprise text?, taken_up timestamptz, "
            "taken_up_by text, finding text?, handed_over boolean",
        ),
        _table(
            "alert_asked",
            "alert department",
            "alert text, department text, answered boolean",
            owner="alert",
        ),
        # A block of capacity and nothing else: what is sealed stands in no table.
        _table(
            "sealed",
            "id",
            "id text, department text, day date, half text?, units bigint, status text, "
            "looks bigint",
        ),
        _table(
            "identity",
            "id",
            "id text, visit text, asked_by text, granted_by text?, seen bigint",
        ),
        # ------------------------------------------------------------ enterprises' problems
        _table(
            "problem",
            "id",
            "id text, title text, source text, topic text, enterprise text?, chain text?, "
            "reported timestamptz, status text, lies_open boolean, grade text?, leader text?, "
            "department text?, merged_into text?, closing text?, closed_in text?, "
            "carried_in text?, reopened bigint",
        ),
        _table(
            "callback",
            "id",
            "id text, visit text, calls bigint, reached boolean, consent boolean, "
            "department text?, recipient text?, answered boolean, finding text?",
        ),
        # ------------------------------------------------------------ contact
        _table("territory", "id", "id text, name text, kind text, parent text?, head text?"),
        _table(
            "pairing",
            "id",
            "id text, enterprise text, official text, department text, role text, "
            "territory text?, since date, ended date?, asks text, contacts bigint, missed bigint",
        ),
        _table(
            "contact",
            "pairing number",
            "pairing text, number bigint, day date, way text",
            owner="pairing",
        ),
        _table(
            "presence",
            "id",
            "id text, enterprise text, person text, kind text, since date, until date, "
            "revoked date?",
        ),
        # ------------------------------------------------------------ treatment, meetings
        _table(
            "grading",
            "enterprise number",
            "enterprise text, number bigint, since date?, risk text, credit text, source text?",
            owner="enterprise",
        ),
        _table(
            "mark",
            "enterprise id",
            "enterprise text, id text, kind text, since date, until date?, ended date?, cause text?",
            owner="enterprise",
        ),
        _table("code_list", "id", "id text, version bigint, kind text, entries bigint"),
        _table("act", "id", "id text, department text, enterprise text, kind text, day date"),
        _table("chain", "id", "id text, name text, leader text, department text"),
        _table(
            "project",
            "id",
            "id text, name text, enterprise text, leader text, department text, chain text?, "
            "done date?",
        ),
        _table(
            "meeting",
            "id",
            "id text, kind text, day date, chain text?, invited bigint, held date?, "
            "called_off boolean",
        ),
        _table("package", "id", "id text, name text, kind text, sha256 text"),
        _table(
            "pulse",
            "enterprise",
            "enterprise text, month text, answers bigint, missed bigint, ended boolean",
        ),
        # ------------------------------------------------------------ what spares an entry
        _table(
            "off_site",
            "id",
            "id text, department text, enterprise text, way text, items bigint, status text, "
            "result text?, opened date, ended date?",
        ),
        _table("bundle", "id", "id text, title text, trades bigint, departments bigint"),
        _table(
            "joint",
            "id",
            "id text, bundle text, enterprise text, lead text, month text, proposed date, "
            "parts bigint, joined bigint, declined bigint",
        ),
        _table(
            "joint_part",
            "joint department",
            "joint text, department text, enterprise text, answer text, request text?",
            owner="joint",
        ),
        _table(
            "campaign",
            "id",
            "id text, kind text, title text, lead text, status text, number bigint, "
            "version bigint, window_first date, window_last date",
        ),
        _table(
            "budget_move",
            "id",
            "id text, rule text, giver text, giver_month text, taker text, taker_month text, "
            "units bigint, status text, asked date",
        ),
        _table(
            "lead",
            "id",
            "id text, sender text, recipient text?, county text?, enterprise text?, status text, "
            "outcome text?, handed_over date",
        ),
        _table("pool", "month", "month text, cleared timestamptz?, closed bigint, carried bigint"),
        _table(
            "look_back",
            "month",
            "month text, seed text, population text, members bigint",
        ),
        _table(
            "look_back_sample",
            "month problem",
            "month text, problem text",
            owner="month",
        ),
        _table("refusal", "id", "id text, command text, about text, objections bigint"),
        _table("rejection", "id", "id text, reason text, detail text, digest text, size bigint"),
    )
}
