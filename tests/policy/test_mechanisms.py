"""Every mechanism of the policy documents is listed, and what is claimed of it is there."""

from __future__ import annotations

from collections import Counter

from fastapi.routing import APIRoute

from portal.pages.routes import ROUTERS
from tests.builders import a_policy_stack
from tests.policy.mechanisms import mechanisms
from tests.policy.table import POLICIES, ROOT

FOUND = mechanisms()
IN_THE_DOCUMENTS = {
    "taoyuan": {"C": 4, "s": 7},
    "changning": {"C": 13, "s": 9},
    "district": {"C": 1, "s": 8},
    "quzhou": {"C": 3, "s": 9},
    "hunan-city": {"C": 5, "s": 6},
}
"""How many phrases of each rank were found in each document, so that no row gets lost."""


def test_no_mechanism_is_missing() -> None:
    """Tests that each document has as many rows as phrases, none twice."""
    counted = Counter((row.doc, row.rank) for row in FOUND.rows)
    assert counted == {(d, r): n for d, ranks in IN_THE_DOCUMENTS.items() for r, n in ranks.items()}
    assert FOUND.documents.keys() == IN_THE_DOCUMENTS.keys()
    quoted = [(row.doc, row.quote) for row in FOUND.rows]
    assert len(set(quoted)) == len(quoted)


def test_each_rule_is_in_force_somewhere() -> None:
    """Tests that a row names codes of rules that a shipped policy states."""
    codes = {rule.code for layer in a_policy_stack(*POLICIES) for rule in layer.rules}
    assert {code for row in FOUND.rows for code in row.rules} <= codes


def test_each_page_can_be_opened() -> None:
    """Tests that a row names addresses that the portal answers."""
    routes = [route for router in ROUTERS for route in router.routes]
    paths = {r.path for r in routes if isinstance(r, APIRoute) and "GET" in (r.methods or ())}
    assert {page for row in FOUND.rows for page in row.pages} <= paths


def test_each_test_exists() -> None:
    """Tests that a row names files of tests, and functions in them."""
    for test in {test for row in FOUND.rows for test in row.tests}:
        file, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8")
