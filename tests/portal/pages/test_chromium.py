"""The check of accessibility has teeth, and leaves out only what it would not tell anyway."""

from __future__ import annotations

import pytest

from tests.portal.pages.chromium import Watched, chromium

BAD = """<!doctype html><html><head><title>x</title></head><body><h1>One</h1><h4>Four</h4><h2></h2>
<p style="color:#aaa;background:#fff">faint</p><img src="data:,"><form><input name="q"></form>
<main><a href="#a"></a></main><main>second</main></body></html>"""


@pytest.mark.lane("browser")
async def test_whatever_is_grave_is_found_and_mild_rules_alone_are_left_out() -> None:
    async with chromium() as browser:
        window = await Watched.open(browser, "about:blank")
        await window.page.set_content(BAD)
        told = {each.partition(":")[0] for each in await window.grave()}
        every = await window.page.evaluate("async () => (await axe.run(document)).violations")
        by_impact = {each["id"]: each["impact"] for each in every}
        assert {"minor", "moderate"} < set(by_impact.values())
        grave = {id_ for id_, impact in by_impact.items() if impact in {"serious", "critical"}}
        assert told == grave
        assert told >= {"color-contrast", "html-has-lang", "image-alt", "label", "link-name"}
