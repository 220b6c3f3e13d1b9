"""A form that was refused comes back as it was typed, on its own page, with the reason above it."""

from __future__ import annotations

import pytest

from portal.pages.forms import Form
from portal.pages.retyped import retyped
from tests.builders import a_uscc
from tests.portal.pages.offices import Office

PAGE = """<main id="main"><p>多行
文字 &amp; <a href="?at=3">三</a></p><form method="get"><input name="month"></form>
<details><summary>开</summary><form method="post" action="/x"><input type="hidden" name="csrf" value="new">
<input type="hidden" name="visit" value="1"><label for="n">数量</label><input id="n" name="n" value="3" required>
<select name="kind"><option value="a" selected>A</option><option value="b">B</option></select>
<textarea name="why">旧的</textarea><input type="password" name="secret">
<label><input type="checkbox" name="item" value="1" checked>甲</label><input type="checkbox" name="item" value="2">
<input name="line" value=""><input name="line" value=""></form></details>
<form method="post" action="/x"><input type="hidden" name="visit" value="2"><input name="n"></form></main>"""


def again(*pairs: tuple[str, str], wrong: tuple[str, ...] = (), sent: str = "/x") -> str | None:
    return retyped(
        PAGE,
        where="/page?a=1",
        sent=sent,
        form=Form.of(list(pairs)),
        wrong=wrong,
        told=lambda words, form: f"<div>{words} #{form}</div>",
    )


def test_each_value_is_in_its_field_again() -> None:
    said = again(
        ("csrf", "old"),
        ("visit", "1"),
        ("n", '"七"'),
        ("kind", "b"),
        ("why", "<因为>"),
        ("item", "2"),
        ("line", ""),
        ("line", "第二行"),
        ("secret", "not-shown"),
        wrong=("n",),
    )
    assert said is not None
    assert '<main id="main"><div>{' in said
    assert "'n': '数量'" in said
    assert 'name="csrf" value="new"' in said
    assert 'name="n" value="&quot;七&quot;" required aria-invalid="true"' in said
    assert '<option value="a">A</option><option value="b" selected>' in said
    assert '<textarea name="why">&lt;因为&gt;</textarea>' in said
    assert 'value="1">甲' in said
    assert 'value="2" checked>' in said
    assert '<input name="line" value=""><input name="line" value="第二行">' in said
    assert "not-shown" not in said
    assert "<details open>" in said
    assert '<form method="post" action="/x" id="typed">' in said


def test_what_leads_on_from_the_page_still_does() -> None:
    said = again(("visit", "2"), ("n", "5")) or ""
    assert 'href="/page?at=3"' in said
    assert '<form method="get" action="/page">' in said
    assert "<details><summary>" in said
    assert said.index('value="5"') > said.index("</details>")


def test_a_page_without_the_form_says_so() -> None:
    assert again(("visit", "3")) is None
    assert again(("visit", "1"), sent="/y") is None


async def test_a_refused_pair_of_contact_is_typed_once(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go("/contacts")
    typed = {"enterprise": a_uscc(1), "official": "officer-77", "since": "2026-11-23"}
    answer = await desk.send("/contacts", typed)
    assert answer.status_code == 422
    form = desk.form("/contacts")
    assert dict(form.fields).items() >= typed.items()
    assert "您填的都还在" in desk.text
    await desk.send("/contacts", {"official": "officer-1"})
    assert "已结对" in desk.text


@pytest.mark.parametrize("since", ["2026-13-45", "明天"])
async def test_a_fault_names_its_field(office: Office, since: str) -> None:
    desk = await office.browser("office")
    await desk.go("/contacts")
    await desk.send("/contacts", {"enterprise": a_uscc(1), "official": "officer-1", "since": since})
    assert "自哪天起 ：写法不对" in desk.text
    assert f'value="{since}"' in desk.answer.text


async def test_a_part_of_a_page_gets_the_reason_alone(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go("/contacts")
    fields = dict(desk.form("/contacts").fields) | {"official": "officer-77"}
    sent = {"referer": str(desk.answer.url), "hx-request": "true"}
    answer = await desk.client.post("/contacts", data=fields, headers=sent)
    assert answer.status_code == 422
    assert "您填的都还在" not in answer.text


async def test_who_is_logged_out_meanwhile_comes_back_to_the_page(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go("/contacts")
    page = str(desk.answer.url)
    desk.client.cookies.clear()
    answer = await desk.client.post("/contacts", data={}, headers={"referer": page})
    assert answer.headers["location"] == "/login?to=/contacts"
