"""Logging in: who gets in, who does not, and what a browser must bring back with a form."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.http.app import create_app
from portal.pages import logins
from portal.pages.limiter import Limiter
from portal.pages.reception import Reception
from portal.pages.visitor import local
from tests.portal.http.clients import PEOPLE, People
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office, a_demo
from tests.worlds import NOVEMBER


async def test_a_local_user_logs_in_and_out(office: Office) -> None:
    await logins.enrol(office.reception, PEOPLE["clerk"], "correct horse")
    browser = await office.browser()
    await browser.go("/requests?month=2026-12")
    assert browser.url == "/login"
    await browser.send("/login", {"name": "clerk-fire", "password": "correct horse"})
    assert browser.url == "/requests"
    assert "部门经办 clerk-fire" in browser.text
    await browser.send("/logout")
    await browser.go("/requests")
    assert browser.url == "/login"


async def test_a_wrong_password_and_an_unknown_name_look_the_same(office: Office) -> None:
    await logins.enrol(office.reception, PEOPLE["clerk"], "correct horse")
    browser = await office.browser()
    told = set()
    for name in ("clerk-fire", "nobody"):
        await browser.go("/login")
        answer = await browser.send("/login", {"name": name, "password": "wrong"})
        told.add((answer.status_code, "用户名或密码不对。" in browser.text))
    assert told == {(401, True)}


async def test_who_guesses_is_held_up_for_a_while(office: Office) -> None:
    await logins.enrol(office.reception, PEOPLE["clerk"], "correct horse")
    browser = await office.browser()
    for _ in range(5):
        await browser.go("/login")
        await browser.send("/login", {"name": "clerk-fire", "password": "guess"})
    right = {"name": "clerk-fire", "password": "correct horse"}
    await browser.go("/login")
    assert (await browser.send("/login", right)).status_code == 429
    office.wall.advance(timedelta(minutes=16))
    await browser.go("/login")
    assert (await browser.send("/login", right)).status_code == 200


async def test_a_session_ends_by_age_by_idleness_and_with_a_new_password(office: Office) -> None:
    idle, old, changed = [await office.browser("clerk") for _ in range(3)]
    await logins.enrol(office.reception, PEOPLE["clerk"], "new")
    await changed.go("/")
    assert changed.url == "/login"
    idle, old = await office.browser("clerk"), await office.browser("clerk")
    for _ in range(7):
        office.wall.advance(timedelta(minutes=110))
        await old.go("/")
    assert old.url == "/login"
    await idle.go("/")
    assert idle.url == "/login"


async def test_demo_logins_are_refused_outside_a_demonstration() -> None:
    demo = await Office.open(a_demo())
    browser = await demo.browser()
    await browser.go("/login")
    await browser.send("/login/demo")
    assert "部门经办 clerk-fire" in browser.text
    cookies = browser.client.cookies
    # The same database without the demonstration: neither the button nor its sessions count.
    known = demo.reception
    real = Reception(known.people, known.history, known.desk, clock=demo.wall)
    stranger = Browser(create_app(demo.service, People(), real))
    stranger.client.cookies = cookies
    await stranger.go("/")
    assert stranger.url == "/login"
    assert not [form for form in stranger.page.forms if form.action == "/login/demo"]
    csrf = dict(stranger.form("/login").fields)["csrf"]
    sent = await stranger.client.post("/login/demo", data={"csrf": csrf, "login": "clerk"})
    assert sent.status_code == 404


async def test_a_form_of_another_page_or_browser_changes_nothing(office: Office) -> None:
    clerk, other = await office.browser("clerk"), await office.browser("other-clerk")
    await other.go("/requests/new")
    theirs = dict(other.form("/logout").fields)["csrf"]
    for fields in ({"csrf": theirs}, {"csrf": "zz"}, {}):
        sent = await clerk.client.post("/logout", data=fields)
        assert sent.status_code in {403, 415}
    await clerk.go("/")
    own = dict(clerk.form("/logout").fields)["csrf"]
    far = {"sec-fetch-site": "cross-site"}
    assert (await clerk.client.post("/logout", data={"csrf": own}, headers=far)).status_code == 403
    assert (await clerk.go("/")).status_code == 200
    assert clerk.url == "/"


def test_a_form_token_is_masked_anew_and_fits_its_cookie_only() -> None:
    one, two = logins.form_token("cookie"), logins.form_token("cookie")
    assert one != two
    assert logins.form_fits("cookie", one)
    assert logins.form_fits("cookie", two)
    assert not logins.form_fits("another", one)
    assert not logins.form_fits("cookie", one[:-2])


async def test_cookies_travel_encrypted_where_people_reach_us_so(office: Office) -> None:
    office.reception.url = "https://wurao.example.gov.cn"
    cookie = (await (await office.browser()).client.get("/login")).headers["set-cookie"]
    assert cookie.startswith("__Host-wurao=")
    assert {"HttpOnly", "SameSite=lax", "Secure"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    "path", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", ""]
)
def test_nobody_is_sent_to_another_host(path: str) -> None:
    assert local(path) == "/"
    assert local("/requests?month=2026-12") == "/requests?month=2026-12"


def test_a_limit_is_kept_by_key_and_forgotten_with_time() -> None:
    limiter = Limiter(2, timedelta(minutes=1))
    for _ in range(2):
        limiter.count("a", NOVEMBER)
    assert limiter.full("a", NOVEMBER)
    assert not limiter.full("b", NOVEMBER)
    assert not limiter.full("a", NOVEMBER + timedelta(minutes=1))
