"""The interface's own page of documentation: whole, small, without a script, from no other host."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from portal.http import describe
from portal.http.app import described
from portal.pages.apidocs import reference
from portal.pages.apiexamples import example
from portal.pages.frame import POLICY
from tests.portal.pages.chromium import DESKTOP, PHONE
from tests.portal.pages.offices import Office
from tests.portal.pages.test_browser import a_house

DOCUMENT = json.loads(describe.text(described()))


async def test_every_operation_and_schema_is_on_the_page_and_every_link_leads_somewhere() -> None:
    browser = await (await Office.open()).browser()
    page = await browser.go("/api-docs")
    assert page.status_code == 200
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page.text
    local = {link[1:] for link in browser.page.links if link.startswith("#")}
    assert local <= set(re.findall(r'id="([^"]+)"', page.text))
    away = {x.partition("#")[2] for x in browser.page.links if x.startswith("/api-docs/schemas#")}
    page = await browser.go("/api-docs/schemas")
    anchors = set(re.findall(r'id="([^"]+)"', page.text))
    assert {f"schema-{name}" for name in DOCUMENT["components"]["schemas"]} <= anchors
    local = {link[1:] for link in browser.page.links if link.startswith("#")}
    assert away
    assert away | local <= anchors
    assert (await browser.go("/api/v1/openapi.json")).json() == DOCUMENT


async def test_a_file_is_sent_as_such() -> None:
    browser = await (await Office.open()).browser()
    await browser.go("/api-docs")
    assert "-H 'Content-Type: application/octet-stream' \\ --data-binary @FILE" in browser.text


async def test_it_names_no_other_host_and_stands_under_the_strict_policy() -> None:
    browser = await (await Office.open()).browser()
    for path in ("/api-docs", "/api-docs/schemas"):
        page = await browser.go(path)
        assert page.headers["content-security-policy"] == POLICY
        assert set(re.findall(r"https?://[^/'\"\s<]+", page.text)) <= {"http://office.test"}
        assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?!/static/)", page.text)
        packed = await browser.client.get(path, headers={"accept-encoding": "gzip"})
        assert int(packed.headers["content-length"]) < 30_000  # what a repeated visit may cost


def _bodies() -> list[tuple[str, dict[str, object]]]:
    return [
        (
            operation["operationId"],
            operation["requestBody"]["content"]["application/json"]["schema"],
        )
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]


@pytest.mark.parametrize(("name", "schema"), _bodies(), ids=lambda each: str(each)[:40])
def test_an_example_fits_its_schema(name: str, schema: dict[str, object]) -> None:
    made = example(schema, DOCUMENT["components"]["schemas"])
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole).validate(made)
    (shown,) = [
        each.example
        for group in reference(DOCUMENT).groups
        for each in group.operations
        if each.id == name
    ]
    assert json.loads(shown or "") == made


@pytest.mark.lane("browser")
@pytest.mark.timeout(900)
async def test_it_reads_well_in_a_browser_and_on_a_phone() -> None:
    async with a_house() as house:
        for size, dark in ((DESKTOP, False), (PHONE, True)):
            window = await house.window(None, size=size, dark=dark)
            page = await window.go("/api-docs")
            await page.locator("#requests_submit summary").click()
            await page.get_by_text("-d '{").first.wait_for()
            assert await window.grave() == []
            assert await window.fits()
            assert not window.outside
