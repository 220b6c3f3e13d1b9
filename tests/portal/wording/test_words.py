import re
from pathlib import Path

import pytest

from portal.settings import Lang
from portal.wording.language import say
from portal.wording.words import WORDS, label, read_word
from schemas.lanes import Lane, Purpose, Remedy
from schemas.registry import RiskClass

GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"
_ROW = re.compile(r"^\| [^|`]*`([a-z_]+)` \| ([^|]+) \|", re.MULTILINE)


def test_every_value_has_a_word() -> None:
    for kind, words in WORDS.items():
        assert set(words) == {member.value for member in kind}, kind


def test_words_are_those_of_the_glossary() -> None:
    glossary = dict(_ROW.findall(GLOSSARY.read_text(encoding="utf-8")))
    ours = {v: w.zh for kind in (Purpose, Lane, Remedy) for v, w in WORDS[kind].items()}
    assert {value: glossary.get(value, "").strip() for value in ours} == ours


def test_a_word_means_one_value_of_its_kind() -> None:
    for kind, words in WORDS.items():
        for value, word in words.items():
            for text in (value, word.zh, word.en, *word.also):
                found = read_word(kind, text)
                assert found is not None
                assert found.value == value, text


@pytest.mark.parametrize(
    ("text", "meant"), [("高", "high"), ("高风险", "high"), ("HIGH ", "high"), ("极高", None)]
)
def test_people_write_a_value_in_either_language(text: str, meant: str | None) -> None:
    found = read_word(RiskClass, text)
    assert (found.value if found else None) == meant


def test_both_languages_are_said_chinese_first() -> None:
    assert label(Lane.ROUTINE) == "服务周内 / routine"
    assert (label(Lane.ROUTINE, Lang.ZH), label(Lane.ROUTINE, Lang.EN)) == ("服务周内", "routine")
    assert say("A", "A") == "A"
