"""督查 by pages: signed by a form, appealed, decided, published; every number leads to its rows."""

from __future__ import annotations

from tests.portal.pages.offices import Office

CARD = "/scorecards/2026-11/fire"


async def test_a_card_is_signed_appealed_and_published_by_forms(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go("/scorecards")
    assert "草稿" in desk.text
    await desk.go(CARD)
    await desk.send(f"{CARD}/signature")
    assert "督查表已签发" in desk.text
    head = await office.browser("head")
    await head.go(CARD)
    await head.send(f"{CARD}/appeal", {"reason": "口径有误"})
    assert "申诉中" in head.text
    leader = await office.browser("leader")
    await leader.go(CARD)
    await leader.send(f"{CARD}/appeal-decision", {"decision": "refused", "reason": "口径一致"})
    await desk.go("/scorecards/2026-11")
    await desk.send("/bulletins/2026-11", {"text": "十一月通报"})
    assert "通报已签发" in desk.text
    for path in ("/bulletins/2026-11.docx", f"{CARD}/card.docx", "/scorecards/2026-11.csv"):
        await desk.go(path)
        assert desk.answer.status_code == 200, path
    await desk.go(f"{CARD}/evidence.zip")
    assert desk.answer.content.startswith(b"PK")


async def test_a_number_leads_to_its_rows_and_ratings_to_none(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go(f"{CARD}?behind=satisfied")
    assert "看不出是哪家企业评的" in desk.text
    await desk.go(f"{CARD}?behind=nonsense")
    assert desk.answer.status_code == 200


async def test_the_media_read_bulletins_and_nothing_else(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go(CARD)
    await desk.send(f"{CARD}/signature")
    await desk.go("/scorecards/2026-11")
    await desk.send("/bulletins/2026-11", {"text": "十一月通报"})
    media = await office.browser("media")
    await media.go("/bulletins/2026-11")
    assert "十一月通报" in media.text
    for path in (CARD, "/visits", "/enterprises", "/problems", "/dashboard"):
        await media.go(path)
        assert media.answer.status_code in {403, 404}, path
    await media.go("/")
    assert media.answer.status_code == 200
