"""The page that checks receipts, and the receipt of a rating by its token."""

from __future__ import annotations

from portal.receipts.verify_receipt import check
from streams.sealing.sealer import Sealer
from tests.portal.pages.offices import Office
from tests.portal.receipts.books import VISIT, put, rating
from tests.streams.sealing.ledgers import KEYS

TRUST = f"log {KEYS.verifiers[0].key}\nquorum none\n"


async def sealed(office: Office) -> str:
    """Put a rating on the books, seal them, and return the address of its receipt."""
    await put(office.service.ledger, rating())
    sealer = Sealer(office.service.ledger, office.reception.seals, KEYS)
    await sealer.begin()
    await sealer.look()
    await sealer.seal()
    office.reception.trust = TRUST
    return f"/r/{office.service.credentials.rating_token(VISIT)}/receipt.json"


async def test_a_rating_has_a_receipt_that_the_page_and_the_file_accept(office: Office) -> None:
    address = await sealed(office)
    rater = await office.browser()
    given = (await rater.client.get(address)).text
    assert check(given.encode(), TRUST)["about"] == "rating"
    await rater.go("/receipt")
    await rater.send("/receipt", {"receipt": given})
    assert "凭据成立" in rater.text
    assert "不含、也证明不了等级" in rater.text
    await rater.send("/receipt", {"receipt": given.replace(VISIT, "b-visit")})
    assert "凭据不成立" in rater.text
    await rater.send("/receipt", {"receipt": "好"})
    assert "这不是凭据" in rater.text
    await rater.send("/receipt", {"receipt": "x" * 100_001})
    assert "这不是凭据" in rater.text


async def test_the_file_and_the_keys_are_handed_out(office: Office) -> None:
    office.reception.trust = TRUST
    rater = await office.browser()
    script = await rater.client.get("/receipt/verify_receipt.py")
    assert script.text.startswith("#!/usr/bin/env python3")
    assert (await rater.client.get("/receipt/trust.policy")).text == TRUST


async def test_without_a_token_or_a_seal_there_is_none(office: Office) -> None:
    stranger = await office.browser()
    assert (await stranger.client.get("/r/forged/receipt.json")).status_code == 404
    await put(office.service.ledger, rating())
    token = office.service.credentials.rating_token(VISIT)
    assert (await stranger.client.get(f"/r/{token}/receipt.json")).status_code == 409
    await stranger.go("/receipt")
    assert "没有存证公钥" in stranger.text
    assert not [form for form in stranger.page.forms if form.action == "/receipt"]
