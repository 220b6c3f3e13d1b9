"""Everything that a page can do, a program can do: each form's route beside its operations."""

from __future__ import annotations

import json
from typing import Final

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
    "/approvals": ("requests_decide",),
    "/audit/entries/{position}/reveal": ("audit_reveal",),
    "/calendar-feeds": ("administration_open_feed",),
    "/calendar-feeds/{feed}": ("administration_revoke_feed",),
    "/capacity/{department}/days": ("administration_capacity",),
    "/draws": ("draws_open",),
    "/draws/{draw}/commitment": ("draws_commit",),
    "/draws/{draw}/public": ("draws_set_public",),
    "/draws/{draw}/seed": ("draws_reveal",),
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
    "/r/{token}": ("ratings_rate",),
    "/requests": ("requests_submit",),
    "/requests/check/{enterprise}": ("requests_check",),
    "/requests/new/{enterprise}": ("requests_check",),
    # A sheet is looked at and handed in row by row, each with a key of its own.
    "/requests/upload": ("requests_check",),
    "/requests/upload/{upload}": ("requests_submit",),
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
