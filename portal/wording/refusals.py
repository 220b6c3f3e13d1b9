"""Objections as people read them: the rule, where it comes from, what was compared, the ways out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from portal.settings import Lang
from portal.wording.compared import COMPARED
from portal.wording.language import say
from portal.wording.word import Word
from portal.wording.words import label
from schemas.base import Bilingual
from schemas.objections import Objection
from streams.ports import Effect

_OBJECTIONS: Final = TypeAdapter(tuple[Objection, ...])


def objections_of(effect: Effect) -> tuple[Objection, ...]:
    """Return what stood in the way of a command."""
    return _OBJECTIONS.validate_json(effect.objections)


def title(objection: Objection) -> Bilingual:
    """Return an objection's title with what was compared."""
    if not objection.numbers:
        return objection.title
    # An objection of an older version may compare what has no name any more.
    named = [(COMPARED.get(n, Word(n, n)), value) for n, value in objection.numbers.items()]
    zh = "，".join(f"{word.zh} {value}" for word, value in named)
    en = ", ".join(f"{word.en} {value}" for word, value in named)
    return Bilingual(zh=f"{objection.title.zh}（{zh}）", en=f"{objection.title.en} ({en})")


def ways_out(objection: Objection) -> Bilingual:
    """Return the ways out of an objection, and who may lift the rule."""
    zh = [label(remedy, Lang.ZH) for remedy in objection.remedies]
    en = [label(remedy, Lang.EN) for remedy in objection.remedies]
    if objection.liftable_by:
        zh.append("可由" + "、".join(label(r, Lang.ZH) for r in objection.liftable_by) + "放行")
        en.append("may be lifted by " + ", ".join(label(r, Lang.EN) for r in objection.liftable_by))
    return Bilingual(zh="; ".join(zh) or "—", en="; ".join(en) or "—")


def lines(objections: Iterable[Objection], lang: Lang) -> list[str]:
    """Return objections as lines of text: code and title, origin, ways out."""
    found = []
    for objection in objections:
        said = title(objection)
        found.append(f"[{objection.rule}] {say(said.zh, said.en, lang)}")
        if objection.detail:
            found.append(f"    {objection.detail}")
        if objection.origin is not None:
            origin = objection.origin
            where = say("出处", "origin", lang)
            found.append(f"    {where}: {origin.document} ({label(origin.kind, lang)})")
        out = ways_out(objection)
        found.append(f"    {say('解决办法', 'ways out', lang)}: {say(out.zh, out.en, lang)}")
    return found


def as_json(objections: Sequence[Objection]) -> list[Mapping[str, Any]]:
    """Return objections for programs: codes, numbers and origins, nothing to be parsed."""
    return [objection.model_dump(mode="json") for objection in objections]


def rejected(effect: Effect) -> Objection:
    """Return the objection that stands for a rejection: the message itself was no good."""
    return Objection(
        rule="input-rejected",
        title=Bilingual(
            zh=f"输入被拒收, 记录在 {effect.about}",
            en=f"the input was rejected, see {effect.about}",
        ),
    )
