"""What a page or a command can do, a program can do: each form and command beside its operations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import typer

from portal.cli.main import app
from portal.http import describe
from portal.http.app import described
from portal.pages.routes import ROUTERS

DOES: Final[dict[str, tuple[str, ...]]] = {
    "/account/password": ("accounts_password",),
    "/admin/calendars": ("administration_read_edition",),
    "/admin/calendars/{edition}": ("administration_adopt",),
    "/admin/letters/{id_}": ("administration_mend",),
    "/admin/policies": ("administration_read_edition",),
    "/admin/policies/{edition}": ("administration_adopt",),
    "/admin/users": ("accounts_keep",),
    "/admin/users/{name}": ("accounts_reset", "accounts_turn"),
    "/alerts/{alert}/case": ("alerts_take_up",),
    "/alerts/{alert}/closing": ("alerts_close",),
    "/alerts/{alert}/dossier": ("alerts_hand_over",),
    "/alerts/{alert}/receipt": ("alerts_record_handover",),
    "/alerts/{alert}/words": ("alerts_answer",),
    "/annual/{department}/{year}": ("annual_file",),
    "/bulletins/{period}": ("bulletins_publish",),
    "/rights/closed-days": ("booking_close",),
    "/rights/closed-days/opening": ("booking_reopen",),
    "/rights/slots": ("booking_prefer",),
    "/visits/{visit}/decline": ("problems_report",),
    "/scorecards/{period}/{department}/appeal": ("scorecards_appeal",),
    "/scorecards/{period}/{department}/appeal-decision": ("scorecards_decide",),
    "/scorecards/{period}/{department}/signature": ("scorecards_sign",),
    "/annual/{department}/{year}/decision": ("annual_decide",),
    "/annual/{department}/{year}/publication": ("annual_publish",),
    "/budgets/moves": ("budgets_ask",),
    "/budgets/moves/{move}/{act}": ("budgets_decide",),
    "/approvals": ("requests_decide",),
    "/audit/entries/{position}/reveal": ("audit_reveal",),
    "/calendar-feeds": ("administration_open_feed",),
    "/calendar-feeds/{feed}": ("administration_revoke_feed",),
    "/capacity/{department}/days": ("administration_capacity",),
    "/draws": ("draws_open",),
    "/draws/{draw}/commitment": ("draws_commit",),
    "/draws/{draw}/public": ("draws_set_public",),
    "/draws/{draw}/seed": ("draws_reveal",),
    "/draws/{draw}/substitutes": ("draws_substitute",),
    "/draws/{draw}/withdrawal": ("draws_withdraw",),
    "/field/acts": ("visits_enter", "visits_leave", "visits_fail", "visits_record"),
    "/field/back-fill/{visit}": ("visits_enter", "visits_leave", "visits_record"),
    "/identities": ("sealed_ask_identity",),
    "/identities/{id_}/grant": ("sealed_grant",),
    "/identities/{id_}/looks": ("sealed_see",),
    "/plans/{month}/answers": ("plans_answer",),
    "/plans/{month}/closing": ("plans_close",),
    "/plans/{month}/drafts": ("plans_draft_by_hand",),
    "/plans/{month}/publication": ("plans_publish",),
    "/plans/{month}/score": ("plans_what_if",),
    "/plans/{month}/search": ("plans_draft",),
    "/plans/{month}/search/{job}/stop": ("plans_stop",),
    "/privacy/askings": ("privacy_ask_erasure",),
    "/privacy/erasures": ("privacy_erase",),
    "/privacy/holds": ("privacy_hold",),
    "/privacy/releases": ("privacy_release",),
    "/campaigns": ("campaigns_propose",),
    "/campaigns/{campaign}/{act}": (*("campaigns_decide", "campaigns_publish", "campaigns_end"),),
    "/joint": ("joint_propose",),
    "/joint/{joint_id}/{act}": ("joint_answer",),
    "/leads": ("leads_hand_over",),
    "/leads/{lead}/{act}": ("leads_receive", "leads_answer"),
    "/off-site": ("off_site_open",),
    "/off-site/shared": ("off_site_take_over",),
    "/off-site/{task}/{act}": ("off_site_settle", "off_site_drop"),
    "/reviews": ("leads_review",),
    "/contacts": ("contacts_pair",),
    "/treatment": ("treatment_mark",),
    "/treatment/{enterprise}/{mark_}": ("treatment_unmark",),
    "/tiers": ("treatment_show",),
    "/tiers/{upload}": ("treatment_grade",),
    "/mix": ("treatment_act",),
    "/territories": ("contacts_territory",),
    "/chains": ("meetings_set_chain",),
    "/projects": ("meetings_set_project",),
    "/meetings": ("meetings_set_meeting",),
    "/meetings/{meeting}/{act}": ("meetings_hold", "meetings_call_off"),
    "/packages": ("meetings_publish",),
    "/pulse": ("meetings_answer",),
    "/contacts/presences": ("contacts_grant",),
    "/contacts/presences/{presence}": ("contacts_revoke",),
    "/contacts/{pairing}/{act}": (
        *("contacts_record", "contacts_waive", "contacts_hand_over", "contacts_end"),
    ),
    "/callbacks": ("callbacks_record",),
    "/callbacks/{callback}/answer": ("callbacks_answer",),
    "/callbacks/{callback}/closing": ("callbacks_close",),
    "/p/{token}": ("problems_word",),
    "/problems": ("problems_report",),
    "/problems/answers": ("problems_answer",),
    "/problems/pool/{month}/clearing": ("problems_clear",),
    "/problems/pool/{month}/look-back": ("problems_look_back",),
    "/problems/{problem}/{act}": (
        *("problems_accept", "problems_reassign", "problems_decline", "problems_merge"),
        *("problems_close", "problems_carry", "problems_word", "problems_reopen"),
        *("problems_review", "problems_check"),
    ),
    "/q/{code}/problem": ("problems_report",),
    "/r/{token}": ("ratings_rate",),
    "/requests": ("requests_submit",),
    "/requests/check/{enterprise}": ("requests_check",),
    "/requests/new/{enterprise}": ("requests_check",),
    # A sheet is looked at and handed in row by row, each with a key of its own.
    "/requests/papers": ("papers_keep", "requests_decide"),
    "/requests/upload": ("requests_check",),
    "/requests/upload/{upload}": ("requests_submit",),
    "/requests/withdrawals": ("requests_withdraw_several",),
    "/requests/{request}/arrangement": ("requests_arrange",),
    "/requests/{request}/confirmation": ("requests_confirm",),
    "/requests/{request}/decision": ("requests_decide",),
    "/requests/{request}/withdrawal": ("requests_withdraw",),
    "/sealed": ("sealed_plan",),
    "/sealed/{id_}/cancellation": ("sealed_cancel",),
    "/sealed/{id_}/looks": ("sealed_look",),
    "/sealed/{id_}/opening": ("sealed_open",),
    "/visits/{visit}/{act}": (
        *("visits_staff", "visits_cancel", "visits_enter", "visits_leave", "visits_fail"),
        *("visits_record", "visits_file", "codes_issue", "codes_revoke", "codes_bind"),
    ),
}
"""What a form does, as operations of the interface."""

PEOPLE_ONLY: Final = {
    "/login": "programs carry tokens",
    "/login/demo": "programs carry tokens",
    "/logout": "programs carry tokens",
    "/demo/go-on": "a demonstration's button",
    "/requests/drafts/{enterprise}": "a half-written form at somebody's desk",
    "/requests/views": "somebody's own filters",
    "/requests/views/{view}": "somebody's own filters",
    "/receipt": "programs run the file that the page hands out, without us",
}
"""Forms that nothing in the interface answers to, and why."""


def _forms() -> set[str]:
    return {
        getattr(route, "path", "")
        for router in ROUTERS
        for route in router.routes
        if "POST" in getattr(route, "methods", ())
    }


def _operations() -> set[str]:
    document = json.loads(describe.text(described()))
    return {op["operationId"] for path in document["paths"].values() for op in path.values()}


def test_each_form_has_its_operations_or_a_reason() -> None:
    assert _forms() == DOES.keys() | PEOPLE_ONLY.keys()
    assert not DOES.keys() & PEOPLE_ONLY.keys()


def test_each_operation_of_the_table_is_there() -> None:
    named = {name for names in DOES.values() for name in names}
    assert named - _operations() == set()


COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "approve": ("requests_decide",),
    "alert answer": ("alerts_answer",),
    "alert close": ("alerts_close",),
    "alert hand-over": ("alerts_hand_over",),
    "alert receipt": ("alerts_record_handover",),
    "alert take-up": ("alerts_take_up",),
    "campaign decide": ("campaigns_decide",),
    "campaign end": ("campaigns_end",),
    "campaign propose": ("campaigns_propose",),
    "campaign publish": ("campaigns_publish",),
    "joint answer": ("joint_answer",),
    "joint load": ("joint_publish",),
    "joint propose": ("joint_propose",),
    "lead hand-over": ("leads_hand_over",),
    "lead receive": ("leads_receive",),
    "lead reply": ("leads_answer",),
    "lead review": ("leads_review",),
    "off-site drop": ("off_site_drop",),
    "off-site offers": ("off_site_offers",),
    "off-site open": ("off_site_open",),
    "off-site settle": ("off_site_settle",),
    "off-site share": ("off_site_take_over",),
    "contact end": ("contacts_end",),
    "contact grant": ("contacts_grant",),
    "contact hand-over": ("contacts_hand_over",),
    "contact pair": ("contacts_pair",),
    "contact record": ("contacts_record",),
    "contact revoke": ("contacts_revoke",),
    "contact waive": ("contacts_waive",),
    "firm grade": ("treatment_grade",),
    "firm mark": ("treatment_mark",),
    "firm unmark": ("treatment_unmark",),
    "firm adopt": ("treatment_adopt",),
    "firm act": ("treatment_act",),
    "import tiers": ("treatment_grade",),
    "meeting territory": ("contacts_territory",),
    "meeting chain": ("meetings_set_chain",),
    "meeting project": ("meetings_set_project",),
    "meeting set": ("meetings_set_meeting",),
    "meeting hold": ("meetings_hold",),
    "meeting call-off": ("meetings_call_off",),
    "meeting package": ("meetings_publish",),
    "meeting answer": ("meetings_answer",),
    "import pairings": ("contacts_pair",),
    "callback answer": ("callbacks_answer",),
    "callback close": ("callbacks_close",),
    "callback record": ("callbacks_record",),
    "import problems": ("problems_report",),
    "problem accept": ("problems_accept",),
    "problem answer": ("problems_answer",),
    "problem carry": ("problems_carry",),
    "problem check": ("problems_check",),
    "problem clear": ("problems_clear",),
    "problem close": ("problems_close",),
    "problem decline": ("problems_decline",),
    "problem look-back": ("problems_look_back",),
    "problem merge": ("problems_merge",),
    "problem reassign": ("problems_reassign",),
    "problem reopen": ("problems_reopen",),
    "problem report": ("problems_report",),
    "problem review": ("problems_review",),
    "problem word": ("problems_word",),
    "annual decide": ("annual_decide",),
    "annual file": ("annual_file",),
    "annual publish": ("annual_publish",),
    "budget-move ask": ("budgets_ask",),
    "budget-move decide": ("budgets_decide",),
    "scorecard publish": ("bulletins_publish",),
    "scorecard appeal": ("scorecards_appeal",),
    "scorecard decide": ("scorecards_decide",),
    "scorecard sign": ("scorecards_sign",),
    "code bind": ("codes_bind",),
    "code issue": ("codes_issue",),
    "code revoke": ("codes_revoke",),
    "draw commit": ("draws_commit",),
    "draw open": ("draws_open",),
    "draw public": ("draws_set_public",),
    "draw reveal": ("draws_reveal", "draws_hand_in"),
    "draw substitute": ("draws_substitute",),
    "draw withdraw": ("draws_withdraw",),
    "identity ask": ("sealed_ask_identity",),
    "identity grant": ("sealed_grant",),
    "identity see": ("sealed_see",),
    "import requests": ("requests_submit",),
    "plan answer": ("plans_answer",),
    "plan ask": ("plans_draft",),
    "plan close": ("plans_close",),
    "plan publish": ("plans_publish",),
    "plan solve": ("plans_draft",),
    "privacy ask": ("privacy_ask_erasure",),
    "privacy erase": ("privacy_erase",),
    "privacy hold": ("privacy_hold",),
    "privacy release": ("privacy_release",),
    "rate": ("ratings_rate",),
    "request confirm": ("requests_confirm",),
    "request submit": ("requests_submit",),
    "request withdraw": ("requests_withdraw",),
    "plan revise": ("plans_draft_by_hand", "visits_cancel"),
    "scan in": ("visits_enter",),
    "scan out": ("visits_leave",),
    "sealed cancel": ("sealed_cancel",),
    "sealed look": ("sealed_look",),
    "sealed open": ("sealed_open",),
    "sealed plan": ("sealed_plan",),
    "visit arrange": ("requests_arrange",),
    "visit cancel": ("visits_cancel",),
    "visit failed": ("visits_fail",),
    "visit file": ("visits_file",),
    "visit outcome": ("visits_record",),
    "visit staff": ("visits_staff",),
}
"""What a command that acts does, as operations of the interface."""

CONSOLE_ONLY: Final = {
    "platform exchange": "a platform's file comes in and another one goes out, on the office's disk",
    "gate export": "parcels go through files between two networks",
    "gate send": "parcels go through files between two networks",
    "gate receive": "parcels go through files between two networks",
    "keys revoke": "it changes a file of keys, which only the office's own machine holds",
    "keys rotate": "it makes a key and writes it into a file, which only the office's own machine holds",
    "share": "it puts shares on record in several counties' ledgers, one service each",
}
"""Commands that act and to which nothing in the interface answers, and why."""


def _acting(group: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - click's own classes
    for name, child in getattr(group, "commands", {}).items():
        if hasattr(child, "commands"):
            yield from _acting(child, f"{path}{name} ")
        elif any("--at" in getattr(option, "opts", ()) for option in child.params):
            yield f"{path}{name}"


def test_each_command_that_acts_has_its_operations_or_a_reason() -> None:
    found = set(_acting(typer.main.get_command(app)))
    assert found == COMMANDS.keys() | CONSOLE_ONLY.keys()
    assert {name for names in COMMANDS.values() for name in names} - _operations() == set()
