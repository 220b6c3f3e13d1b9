"""The page for neighbours shows what is true."""

import json
import re
from pathlib import Path
from typing import get_args

from jsonschema import Draft202012Validator

from schemas.faults import Reason
from schemas.json_schemas import audience_schema, envelope_schemas
from schemas.topic import Audience
from schemas.topics import AUDIENCES, TOPICS
from schemas.wire import MAX_MESSAGE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "read-the-topics.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_message_shown_fits_the_contracts() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    message = json.loads(shown)
    plans = next(topic for topic in AUDIENCES if topic.name == "plans")
    Draft202012Validator(envelope_schemas()["audience"]).validate(message)
    Draft202012Validator(audience_schema(plans, message["type"])).validate(message["data"])


def test_every_topic_for_outsiders_is_named() -> None:
    outside = [topic for topic in AUDIENCES if topic.audience is not Audience.INTERNAL]
    assert [topic.name for topic in outside if f"`{topic.address}`" not in TEXT] == []
    named = set(re.findall(r"`(wurao\.\{domain\}\.[^`]+)`", TEXT))
    intake = "wurao.{domain}.intake.{kind}.{source}"
    assert named - {intake} <= {topic.address for topic in TOPICS}


def test_every_reason_is_explained() -> None:
    assert [reason for reason in get_args(Reason) if f"`{reason}`" not in TEXT] == []
    assert f"{MAX_MESSAGE:,} bytes" in TEXT
