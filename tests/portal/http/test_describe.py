"""The description of the interface: the one in the repository is the one of the code."""

import json
import re
from pathlib import Path

import jsonschema

from portal.http import describe
from portal.http.app import described
from tests.portal.http.clients import Desk, a_body

FILE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.json"


def test_the_committed_description_is_the_codes() -> None:
    committed = FILE.read_text(encoding="utf-8")
    assert committed == describe.text(described()), "run: python docs/tools/openapi.py"


def test_the_description_names_no_other_host_and_resolves() -> None:
    found = describe.text(described())
    assert json.loads(found)["openapi"].startswith("3.1")
    assert not re.findall(r"https?://", found)
    wanted = set(re.findall(r"#/components/schemas/([^\"]+)", found))
    assert wanted <= json.loads(found)["components"]["schemas"].keys()


def test_operations_have_names_of_their_own() -> None:
    paths = json.loads(describe.text(described()))["paths"]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(names) == len(set(names))


async def test_what_is_answered_is_what_is_described(desk: Desk) -> None:
    found = json.loads(describe.text(described()))

    def fits(value: object, name: str) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": found["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)

    made = await desk.post("clerk", "requests", a_body())
    fits(made.json(), "RequestView")
    fits((await desk.post("clerk", "requests", a_body(items=[]))).json(), "Problem")
    fits((await desk.get("clerk", "requests/none")).json(), "Problem")
    fits((await desk.get("clerk", "enterprises")).json(), "Page_EnterpriseView_")
    fits((await desk.get("office", "plans/2026-12")).json(), "PlanView")


async def test_it_is_served_and_no_pages_from_elsewhere_are(desk: Desk) -> None:
    served = await desk.client.get("/api/v1/openapi.json")
    assert served.json() == json.loads(describe.text(described()))
    for path in ("/docs", "/redoc"):
        assert (await desk.client.get(path)).status_code == 404
