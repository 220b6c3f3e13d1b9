"""Logging in at a provider, end to end: the application, a provider in a process, a browser between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
import yaml

from portal.http.provider import Provider
from portal.pages import logins
from streams.clock import SystemClock
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office

HERE = Path(__file__).parent
GRANTS: list[dict[str, Any]] = [
    {"when": {"groups": "office"}, "role": "scheduler"},
    {"when": {"realm_access.roles": ["clerk", "desk"]}, "role": "clerk", "of_claim": "unit"},
    {"when": {"groups": "heads"}, "role": "head", "of_claim": "unit", "means": {"消防": "fire"}},
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Yield the issuer of a provider that runs as a process."""
    process = subprocess.Popen(
        [sys.executable, HERE / "oidc_provider.py"], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Site:
    """The pages at which people log in elsewhere, and the way there and back."""

    def __init__(self, office: Office, issuer: str) -> None:
        self.office = office
        self.issuer = issuer
        self.world = httpx.AsyncClient()

    async def order(self, **orders: Any) -> list[dict[str, str]]:  # noqa: ANN401 - JSON
        """Tell the provider how to behave; return who ended his login there."""
        answer = await self.world.post(f"{self.issuer}/orders", json=orders)
        return list(answer.json()["ended"])

    async def out(self, browser: Browser, to: str = "/") -> str:
        """Go to the provider; return where it sends the browser back to."""
        asked = await browser.client.get("/login/provider", params={"to": to})
        assert asked.status_code == 303, asked.text
        answer = await self.world.get(asked.headers["location"])
        return str(answer.headers["location"]).removeprefix("http://office.test")

    async def login(self, browser: Browser, to: str = "/") -> httpx.Response:
        """Log in."""
        return await browser.go(await self.out(browser, to))


@pytest_asyncio.fixture
async def site(issuer: str, tmp_path: Path) -> AsyncIterator[Site]:
    """Yield pages with a provider, and a browser's way to it."""
    (tmp_path / "secret").write_text("a secret of the client\n")
    settings = {
        "issuer": issuer,
        "client_id": "wurao",
        "secret_file": "secret",
        "id_claim": "preferred_username",
        "grants": GRANTS,
    }
    file = tmp_path / "oidc.yaml"
    file.write_text(yaml.safe_dump(settings, allow_unicode=True))
    office = await Office.open()
    office.reception.provider = Provider.read(file)
    office.reception.url = "http://office.test"
    office.reception.clock = SystemClock()  # the provider's process has no other
    found = Site(office, issuer)
    async with found.world:
        await found.order()
        yield found


CLERK = {"preferred_username": "li.si", "realm_access": {"roles": ["x", "desk"]}, "unit": "fire"}


async def test_somebody_logs_in_and_acts_and_logs_out_at_both(site: Site) -> None:
    await site.order(claims=CLERK)
    browser = await site.office.browser()
    await browser.go("/requests?month=2026-12")
    assert "/login/provider?to=/requests%3Fmonth%3D2026-12" in browser.page.links
    await site.login(browser, "/requests?month=2026-12")
    assert browser.url == "/requests"
    assert "部门经办 li.si" in browser.text
    await browser.send("/logout")
    (farewell,) = [link for link in browser.page.links if link.startswith(site.issuer)]
    assert f'content="0; url={site.issuer}/end' in browser.answer.text
    await site.world.get(farewell)
    said = (await site.order())[-1]
    assert said["client_id"] == "wurao"
    assert said["post_logout_redirect_uri"] == "http://office.test/login"
    assert said["id_token_hint"].count(".") == 2
    await browser.go("/requests")
    assert browser.url == "/login"


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ({"groups": ["office"], "unit": "fire"}, "优化办 li.si"),
        ({"groups": ["heads"], "unit": "消防"}, "主体负责人 li.si"),
        ({"groups": "heads", "unit": ["fire"]}, "主体负责人 li.si"),
    ],
)
async def test_claims_become_roles_by_the_settings(
    site: Site, claims: dict[str, Any], shown: str
) -> None:
    await site.order(claims={"preferred_username": "li.si", **claims})
    browser = await site.office.browser()
    await site.login(browser)
    assert shown in browser.text


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"preferred_username": "li.si"}, "您的账号在本系统没有身份"),
        ({"preferred_username": "li.si", "groups": ["heads"]}, "unit 缺失"),
        ({"preferred_username": "li.si", "groups": ["heads"], "unit": "nobody"}, "nobody 未在"),
        ({"groups": ["office"]}, "preferred_username 缺失"),
        ({"preferred_username": "李 四", "groups": ["office"]}, "preferred_username 缺失"),
        ({"preferred_username": "clerk-fire", "groups": ["office"]}, "同名的本地用户已存在"),
    ],
)
async def test_who_is_nobody_here_is_told_so(site: Site, claims: dict[str, Any], code: str) -> None:
    await logins.enrol(site.office.reception, PEOPLE["clerk"], "correct horse battery")
    await site.order(claims=claims)
    browser = await site.office.browser()
    answer = await site.login(browser)
    assert (answer.status_code, code in browser.text) == (403, True), browser.text
    await browser.go("/")
    assert browser.url == "/login"


@pytest.mark.parametrize(
    "orders",
    [
        {"signed": "by-stranger"},
        {"signed": "by-nobody"},
        {"signed": "not"},
        {"late": -1000},
        {"late": 1000},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["wurao", "another"]}},
        {"claims": {"azp": "another"}},
        {"claims": {"iss": "https://another.example"}},
        {"claims": {"exp": None}},
        {"claims": {"at_hash": "AAAA"}},
    ],
    ids=str,
)
async def test_a_token_that_proves_nothing_logs_nobody_in(
    site: Site, orders: dict[str, Any]
) -> None:
    office = {"preferred_username": "li.si", "groups": ["office"]}
    await site.order(**{**orders, "claims": {**office, **orders.get("claims", {})}})
    browser = await site.office.browser()
    answer = await site.login(browser)
    assert (answer.status_code, "没有通过核验" in browser.text) == (403, True)
    await browser.go("/")
    assert browser.url == "/login"


async def test_an_answer_to_another_browser_or_told_twice_counts_for_nothing(site: Site) -> None:
    await site.order(claims=CLERK)
    mine, theirs = await site.office.browser(), await site.office.browser()
    back = await site.out(theirs)
    for browser in (mine, theirs):
        if browser is mine:
            await site.out(mine)  # this browser began a login too, but another one
            answer = await mine.go(back)
            assert answer.status_code == 400
            assert "不是从这个浏览器开始的" in mine.text
    assert (await theirs.go(back)).status_code == 200
    assert "li.si" in theirs.text
    again = await theirs.client.get(back)
    assert again.status_code == 400
    stranger = await site.office.browser()
    assert (await stranger.go(back)).status_code == 400


async def test_a_code_is_worth_nothing_without_its_verifier(site: Site) -> None:
    """An attacker who saw the answer brings its code into a login of his own."""
    await site.order(claims=CLERK)
    victim, attacker = await site.office.browser(), await site.office.browser()
    stolen = parse_qs(urlsplit(await site.out(victim)).query)["code"][0]
    own = urlsplit(await site.out(attacker))
    query = {name: value[0] for name, value in parse_qs(own.query).items()} | {"code": stolen}
    answer = await attacker.client.get(own.path, params=query)
    assert answer.status_code == 403
    assert "身份平台不认这次登录" in answer.text


async def test_refusals_of_the_provider_are_told(site: Site) -> None:
    browser = await site.office.browser()
    for error, status in (("access_denied", 403), ("server_error", 502)):
        await site.order(error=error)
        assert (await site.login(browser)).status_code == status
    await site.order(iss="https://another.example", claims=CLERK)
    assert (await site.login(browser)).status_code == 400
    english = {"accept-language": "en"}
    answer = await browser.client.get("/login/provider/back", headers=english)
    assert "began in another browser" in answer.text


async def test_keys_may_turn(site: Site) -> None:
    await site.order(claims=CLERK)
    await site.login(await site.office.browser())
    await site.order(claims=CLERK, turn=True)
    refused, later = await site.office.browser(), await site.office.browser()
    assert (await site.login(refused)).status_code == 403  # keys were fetched a moment ago
    assert site.office.reception.provider is not None
    site.office.reception.provider.keys_again = timedelta(0)
    assert (await site.login(later)).status_code == 200


async def test_a_provider_that_is_away_or_calls_itself_otherwise_is_told(
    site: Site, tmp_path: Path
) -> None:
    await site.order(issuer="https://another.example")
    browser = await site.office.browser()
    answer = await browser.go("/login/provider")
    assert (answer.status_code, "暂时连不上身份平台" in browser.text) == (503, True)
    reception = site.office.reception
    assert reception.provider is not None
    away = reception.provider.settings.model_copy(update={"issuer": "http://127.0.0.1:9"})
    reception.provider = Provider(away)
    assert (await browser.go("/login/provider")).status_code == 503
    await browser.go("/login")
    assert any(form.action == "/login" for form in browser.page.forms)


async def test_local_users_stay_unless_the_settings_say_otherwise(site: Site) -> None:
    reception = site.office.reception
    assert reception.provider is not None
    await logins.enrol(reception, PEOPLE["clerk"], "correct horse battery")
    browser = await site.office.browser()
    await browser.go("/login")
    await browser.send("/login", {"name": "clerk-fire", "password": "correct horse battery"})
    assert "部门经办 clerk-fire" in browser.text
    await browser.send("/logout")
    assert browser.url == "/login"  # he never logged in at the provider
    csrf = dict(browser.form("/login").fields)["csrf"]
    only = reception.provider.settings.model_copy(update={"local": False})
    reception.provider = Provider(only)
    await browser.go("/login")
    assert not [form for form in browser.page.forms if form.action == "/login"]
    assert (await browser.client.post("/login", data={"csrf": csrf})).status_code == 404


async def test_there_is_no_such_login_without_a_provider() -> None:
    browser = await (await Office.open()).browser()
    for path in ("/login/provider", "/login/provider/back?code=x&state=y"):
        assert (await browser.client.get(path)).status_code == 404


async def test_guesses_are_held_up(site: Site) -> None:
    browser = await site.office.browser()
    for _ in range(60):
        site.office.reception.addresses.count("127.0.0.1", site.office.reception.clock.now())
    answer = await browser.client.get("/login/provider/back?code=x&state=y")
    assert answer.status_code == 429
