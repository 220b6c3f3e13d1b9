"""Bad input over HTTP: each a clear problem, none a crash, nothing of it said back."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import pytest

from portal.http.house import ID_PATTERN, command_id
from portal.http.limits import LARGEST_BODY
from portal.running.service import Service
from streams.ports import Unavailable
from tests.portal.http.clients import Desk, a_body

JSON = {"content-type": "application/json"}


async def _send(desk: Desk, body: bytes, content_type: str = "application/json") -> tuple[int, str]:
    headers = {"authorization": "Bearer clerk", "content-type": content_type}
    answer = await desk.client.post("/api/v1/requests", content=body, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (422, "bad-input")),
        (b"{", (400, "not-json")),
        (b"\xff\xfe{}", (400, "not-utf8")),
        (b'{"a": 1, "a": 2}', (400, "duplicate-key")),
        (b'{"a": 1.5}', (400, "bad-number")),
        (b'{"a": NaN}', (400, "bad-number")),
        (b'{"a": ' + b"9" * 400 + b"}", (400, "bad-number")),
        (b"[" * 5000, (400, "too-deep")),
        (b'{"a":' * 5000, (400, "too-deep")),
        (b'{"reason": "\\ud800"}', (400, "bad-text")),
        (b"[]", (422, "bad-input")),
        (b"null", (422, "bad-input")),
        (b'"text"', (422, "bad-input")),
        (b"{}", (422, "bad-input")),
    ],
)
async def test_bodies_that_are_no_request(
    desk: Desk, body: bytes, expected: tuple[int, str]
) -> None:
    assert await _send(desk, body) == expected


async def test_another_kind_of_body_is_told_so(desk: Desk) -> None:
    form = await _send(desk, b"department=fire", "application/x-www-form-urlencoded")
    assert form == (415, "unsupported-media-type")
    assert await _send(desk, b"<a/>", "text/xml") == (415, "unsupported-media-type")


async def test_faults_are_named_by_place_in_both_languages_and_say_nothing_back(
    desk: Desk,
) -> None:
    body = a_body(enterprise="91430482SECRET", purpose="holiday", surprise=1, people="二")
    problem = (await desk.post("clerk", "requests", body)).json()
    faults = {fault["place"]: fault for fault in problem["faults"]}
    assert faults.keys() == {"body.enterprise", "body.purpose", "body.surprise", "body.people"}
    assert faults["body.surprise"]["zh"] == "没有这一项"
    assert faults["body.surprise"]["en"] == "there is no such field"
    assert "holiday" not in json.dumps(problem)


async def test_a_body_too_large_is_refused_before_it_is_read(desk: Desk) -> None:
    large = a_body(reason="长" * LARGEST_BODY)
    answer = await desk.post("clerk", "requests", large)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1000 + 2):
            yield b" " * 1000

    headers = {"authorization": "Bearer clerk", **JSON}
    answer = await desk.client.post("/api/v1/requests", content=chunks(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("length", ["nonsense", "-1", "9" * 40])
async def test_a_strange_length_crashes_nothing(desk: Desk, length: str) -> None:
    headers = {"authorization": "Bearer clerk", "content-length": length, **JSON}
    answer = await desk.client.post("/api/v1/requests", content=b"{}", headers=headers)
    assert answer.status_code in {413, 422}


@pytest.mark.parametrize(
    "path",
    [
        "requests/..%2f..%2fetc",
        "requests/%00",
        "requests/中",
        "requests?limit=0",
        "requests?limit=9999",
        "requests?colour=red",
        "requests?month=2026-13",
        "requests?status=lost",
        "plans/2026-13",
        "plans/2026-12?version=0",
        "visits/%ff",
        "nothing",
    ],
)
async def test_strange_addresses_are_problems(desk: Desk, path: str) -> None:
    answer = await desk.get("office", path)
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_method_that_is_not_there_is_a_problem(desk: Desk) -> None:
    answer = await desk.client.delete("/api/v1/requests", headers={"authorization": "Bearer clerk"})
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")


@pytest.mark.parametrize("header", [None, "Bearer stranger", "Basic Y2xlcms6", "Bearer", "x"])
async def test_a_stranger_is_asked_who_he_is(desk: Desk, header: str | None) -> None:
    headers = {"authorization": header} if header else {}
    answer = await desk.client.get("/api/v1/requests", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "中"])
async def test_a_key_that_is_none_is_told_so(desk: Desk, key: str) -> None:
    headers = {"idempotency-key": key.encode()}
    answer = await desk.post("clerk", "requests", a_body(), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["place"] == "header.Idempotency-Key"


class Broken:
    """A ledger that fails in a way nobody thought of."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def get(self, *_: object) -> None:
        raise self.error

    async def position(self) -> int:
        raise self.error


def _with(desk: Desk, error: Exception) -> None:
    house = desk.app.state.house
    broken = Broken(error)
    parts = {name: getattr(house.service, name) for name in Service.__slots__}
    service = Service(**{**parts, "queries": broken, "ledger": broken})
    desk.app.state.house = type(house)(service, house.authenticator, house.solving)


async def test_a_fault_of_the_program_tells_nothing(desk: Desk) -> None:
    _with(desk, RuntimeError("password=hunter2 at /srv/wurao"))
    answer = await desk.get("clerk", "requests/r-1")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal-fault"
    assert "hunter2" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_store_that_gives_up_asks_to_come_again(desk: Desk) -> None:
    _with(desk, Unavailable("gone"))
    answer = await desk.get("clerk", "requests/r-1")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    ready = await desk.client.get("/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "not-ready")
    assert (await desk.client.get("/healthz")).json() == {"status": "ok"}


async def test_health_needs_no_token(desk: Desk) -> None:
    for path in ("/healthz", "/readyz", "/version"):
        answer = await desk.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.headers["x-request-id"]) == 16


def test_a_key_becomes_a_command_id_whatever_it_holds() -> None:
    """Tests letters and digits that are none of ASCII: found by the fuzzer, they stayed as they were."""
    for key in ("²", "清1", "é-1", '"a²"'):
        assert re.fullmatch(ID_PATTERN, command_id(key))
    assert command_id('"key-1"') == "key-1"
