"""Standard Webhooks: signed, tried again, buried; and a receiver in another language that checks it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from portal.wording.notices import render
from schemas.notifications import Notification, Recipient
from streams.clock import SimulatedClock, SystemClock
from streams.ports import Clock
from streams.webhook_keys import SecretError, key_of
from streams.webhooks import PATIENCE, WebhookChannel, posted, signature

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the standard's own documentation


def notification(id_: str = "n1") -> Notification:
    return Notification(
        id=id_,
        recipient=Recipient.HEAD,
        to="fire",
        template="approval-needed",
        params={"request": "r-7"},
        about="request/r-7",
    )


@dataclass
class Answers:
    """Stands in for the other side: answers as it was told to, and keeps what it was sent."""

    told: list[int | None]
    got: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((url, body, headers))
        answer = self.told.pop(0)
        if answer is None:
            raise OSError("nobody there")
        return answer


@dataclass
class Dead:
    """Keeps what was buried."""

    name: str = "dead"
    ids: list[str] = field(default_factory=list)

    async def send(self, notifications: Sequence[Notification]) -> None:
        self.ids += [each.id for each in notifications]


def channel(answers: Answers, dead: Dead, clock: Clock | None = None) -> WebhookChannel:
    return WebhookChannel(
        url="http://gateway/in",
        key=key_of(SECRET),
        words=render,
        dead=dead,
        clock=clock or SimulatedClock(NOW),
        post=answers,
        pauses=(0, 0),
    )


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of https://github.com/standard-webhooks: id, time, body and what comes of them."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", SECRET.removeprefix("whsec_"), "whsec_%"]
)
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(SecretError):
        key_of(secret)


async def test_what_is_sent_is_signed_and_says_it_in_both_languages() -> None:
    answers, dead = Answers([204]), Dead()
    await channel(answers, dead).send([notification()])
    ((url, body, headers),) = answers.got
    told = json.loads(body)
    assert (url, told["type"]) == ("http://gateway/in", "cn.wurao.notification.approval-needed")
    assert told["data"]["text"]["zh"] == "入企申请 r-7 待您审批。"
    assert headers["webhook-id"] == "n1"
    at = int(headers["webhook-timestamp"])
    assert at == NOW.timestamp()
    assert headers["webhook-signature"] == signature(key_of(SECRET), "n1", at, body)
    assert dead.ids == []


@pytest.mark.parametrize("first", [None, 500, 503, 408, 429])
async def test_what_cannot_be_taken_now_is_tried_again(first: int | None) -> None:
    answers, dead = Answers([first, 200]), Dead()
    await channel(answers, dead).send([notification()])
    assert (len(answers.got), dead.ids) == (2, [])


async def test_what_is_refused_for_good_does_not_hold_up_the_next() -> None:
    answers, dead = Answers([410, 302, 200]), Dead()
    await channel(answers, dead).send([notification("n1"), notification("n2"), notification("n3")])
    assert (len(answers.got), dead.ids) == (3, ["n1", "n2"])


async def test_while_the_other_side_is_away_everything_waits_for_a_day() -> None:
    answers, dead = Answers([None] * 6 + [500, 200]), Dead()
    clock = SimulatedClock(NOW)
    sending = channel(answers, dead, clock)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await sending.send([notification("n1"), notification("n2")])
    clock.advance(PATIENCE)
    await sending.send([notification("n1"), notification("n2")])
    assert dead.ids == ["n1"]
    assert [headers["webhook-id"] for _, _, headers in answers.got] == ["n1"] * 7 + ["n2"]


@pytest.fixture
def receiver() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the example in Node, and give its address."""
    with listening("receiver.mjs", "0") as found:
        yield found


@contextmanager
def listening(*words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run an example in Node; give its address."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here")
    with subprocess.Popen(
        [node, str(ROOT / "deploy" / "examples" / words[0]), *words[1:]],
        env={**os.environ, "WEBHOOK_SECRET": SECRET, "NO_PROXY": "*"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["listening"]
        try:
            yield f"http://127.0.0.1:{port}/", process
        finally:
            process.terminate()


async def test_a_receiver_in_another_language_takes_ours_once_and_nobody_else_s(
    receiver: tuple[str, subprocess.Popen[str]],
) -> None:
    url, process = receiver
    dead = Dead()

    def ours(secret: str) -> WebhookChannel:
        return WebhookChannel(url, key_of(secret), render, dead, SystemClock(), pauses=())

    await ours(SECRET).send([notification("n1"), notification("n1"), notification("n2")])
    await ours("whsec_" + "A" * 40).send([notification("forged")])
    changed = await asyncio.to_thread(
        posted,
        url,
        b"{}",
        {"webhook-id": "n3", "webhook-timestamp": "1", "webhook-signature": "v1,"},
    )
    assert (dead.ids, changed) == (["forged"], 401)
    assert process.stdout is not None
    seen: list[dict[str, Any]] = [json.loads(process.stdout.readline()) for _ in range(2)]
    assert [each["id"] for each in seen] == ["n1", "n2"]
    assert seen[0]["text"] == "入企申请 r-7 待您审批。"


@contextmanager
def city(answers: Sequence[int]) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Stand in for a city's gateway and chat: answer as told, then 200; keep what came."""
    got: list[tuple[str, Any]] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            got.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(left.pop(0) if left else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", got
        finally:
            server.shutdown()
            thread.join()


async def test_a_gateway_hands_on_to_sms_and_chat_and_lets_what_failed_come_again(
    tmp_path: Path,
) -> None:
    dead, file = Dead(), tmp_path / "book.json"
    with city([503]) as (url, got):
        people = {"head/fire": {"mobile": "13800000000", "chat": f"{url}/robot"}}
        file.write_text(json.dumps({"sms": f"{url}/sms", "people": people}), encoding="utf-8")
        with listening("gateway.mjs", str(file), "0") as (gateway, _):
            ours = WebhookChannel(gateway, key_of(SECRET), render, dead, SystemClock(), pauses=())
            with pytest.raises(ConnectionError):
                await ours.send([notification("n1")])
            stranger = replace_to(notification("n2"), "nobody")
            await ours.send([notification("n1"), stranger, notification("n1")])
    text = "入企申请 r-7 待您审批。"
    sms = ("/sms", {"mobile": "13800000000", "content": text})
    assert got == [sms, sms, ("/robot", {"msgtype": "text", "text": {"content": text}})]
    assert dead.ids == ["n2"]


def replace_to(one: Notification, to: str) -> Notification:
    """Return a notification for somebody else."""
    return one.model_copy(update={"to": to})
