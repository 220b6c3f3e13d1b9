"""Problems (RFC 9457): every refusal in one form, for programs by codes, for people in both languages.

``type`` is a URN: no page of somebody else's host has to be asked what it means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from portal.settings import Lang
from portal.wording.words import label
from schemas.base import Bilingual, Frozen
from schemas.lanes import Remedy
from schemas.objections import Objection
from schemas.origins import Origin
from schemas.visits import Role

MEDIA_TYPE: Final = "application/problem+json"


class Choice(Frozen):
    """A code with its words."""

    code: str
    zh: str
    en: str


class ObjectionView(Frozen):
    """One rule that stands in the way: where it comes from, what was compared, the ways out."""

    rule: str
    title: Bilingual
    origin: Origin | None = None
    numbers: dict[str, int | str] = Field(default_factory=dict)
    key: str | None = None
    remedies: tuple[Choice, ...] = ()
    liftable_by: tuple[Choice, ...] = ()
    detail: str | None = None


class Fault(Frozen):
    """One fault of an input: where it stands, and what is wrong with it."""

    place: str
    zh: str
    en: str


class Problem(Frozen):
    """A problem. ``title`` and ``detail`` are in the language asked for, ``said`` in both."""

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = Field(default=None, description="the stream that it is about")
    code: str
    said: Bilingual
    objections: tuple[ObjectionView, ...] = ()
    faults: tuple[Fault, ...] = ()


class ProblemError(HTTPException):
    """Ends a request with a problem."""

    def __init__(
        self,
        status: int,
        code: str,
        said: tuple[str, str],
        *,
        about: str | None = None,
        objections: Sequence[Objection] = (),
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail=said[1], headers=dict(headers or {}))
        self.code = code
        self.said = Bilingual(zh=said[0], en=said[1])
        self.about = about
        self.objections = tuple(objections)
        self.faults = tuple(faults)


FORBIDDEN: Final = frozenset(
    {"not-your-department", "not-your-enterprise", "self-approval", "role-not-asked"}
)
"""Objections to who asks."""

UNFIT: Final = frozenset(
    {
        "unknown-department",
        "unknown-enterprise",
        "unknown-item",
        "unknown-officer",
        "unknown-request",
        "unknown-visit",
        "unknown-plan",
        "unknown-deadline",
        "policy-stack",
        "calendar-contradicts",
        "signatory-missing",
        "paper-missing",
        "paper-ahead",
        "lift-not-asked",
        "not-liftable",
        "wrong-lane",
        "outside-window",
        "window-past",
        "window-too-long",
        "reason-missing",
        "request-twice",
        "officer-recused",
        "officer-not-yours",
        "officer-twice",
        "officer-not-named",
        "code-forged",
        "code-not-yours",
        "token-forged",
        "not-an-inspection",
        "department-not-due",
        "item-beyond-notice",
    }
)
"""Objections to what was asked: sent again as it is, it fails again."""


def status_of(objections: Sequence[Objection]) -> int:
    """Return the status of a refusal: who, then what, then how things stand.

    A rule of the policy (it has an origin) is no conflict that goes away by itself.
    """
    codes = {objection.rule for objection in objections}
    if codes & FORBIDDEN:
        return 403
    if codes & UNFIT or any(objection.origin for objection in objections):
        return 422
    return 409


def refused(about: str, objections: Sequence[Objection]) -> ProblemError:
    """Return the problem of a command that was refused."""
    first = objections[0]
    more = len(objections) - 1
    zh = first.title.zh + (f"; 另有 {more} 条" if more else "")
    en = first.title.en + (f"; and {more} more" if more else "")
    return ProblemError(
        status_of(objections), first.rule, (zh, en), about=about, objections=objections
    )


def not_found(what: str = "") -> ProblemError:
    """Return the problem of a thing that does not exist, or not for this reader."""
    return ProblemError(404, "not-found", (f"没有找到 {what}".strip(), f"not found {what}".strip()))


def view(objection: Objection) -> ObjectionView:
    """Return an objection with words for its codes."""
    return ObjectionView(
        rule=objection.rule,
        title=objection.title,
        origin=objection.origin,
        numbers=objection.numbers,
        key=objection.key,
        remedies=choices(objection.remedies),
        liftable_by=choices(objection.liftable_by),
        detail=objection.detail,
    )


def choices(codes: Iterable[Remedy | Role]) -> tuple[Choice, ...]:
    """Return codes with their words."""
    return tuple(
        Choice(code=each.value, zh=label(each, Lang.ZH), en=label(each, Lang.EN)) for each in codes
    )


def response(request: Request, problem: ProblemError) -> JSONResponse:
    """Return a problem as the answer to a request."""
    lang = language(request.headers.get("accept-language", ""))
    body = Problem(
        type=f"urn:wurao:problem:{problem.code}",
        title=problem.said.zh if lang is Lang.ZH else problem.said.en,
        status=problem.status_code,
        instance=problem.about,
        code=problem.code,
        said=problem.said,
        objections=tuple(map(view, problem.objections)),
        faults=problem.faults,
        detail=_detail(problem, lang),
    )
    return JSONResponse(
        body.model_dump(mode="json", exclude_none=True),
        problem.status_code,
        headers={**(problem.headers or {}), "content-language": lang.value},
        media_type=MEDIA_TYPE,
    )


def _detail(problem: ProblemError, lang: Lang) -> str | None:
    """Return all that is wrong as text, one thing a line, in one language."""
    zh = lang is Lang.ZH
    told = [objection.title.zh if zh else objection.title.en for objection in problem.objections]
    told += [f"{fault.place}: {fault.zh if zh else fault.en}" for fault in problem.faults]
    return "\n".join(told) or None


def language(accepted: str) -> Lang:
    """Return the language that an ``Accept-Language`` header asks for; Chinese where it is open."""
    best: dict[str, float] = {}
    for part in accepted.split(",")[:20]:
        tag, _, quality = part.strip().partition(";")
        primary = tag.strip().casefold().partition("-")[0]
        best[primary] = max(best.get(primary, 0.0), _quality(quality))
    zh = best.get("zh", best.get("*", 0.0))
    return Lang.EN if best.get("en", 0.0) > zh else Lang.ZH


def _quality(text: str) -> float:
    name, _, number = text.strip().partition("=")
    try:
        return min(1.0, max(0.0, float(number))) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems of a route for its description."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _MEANING[status], "content": content} for status in statuses}


_MEANING: Final = {
    400: "不是可读的请求 / not a request that can be read",
    401: "须先表明身份 / nobody is known by this token",
    403: "不由您办理 / not yours to do",
    404: "没有找到 / not found",
    409: "与现状不符 / at odds with how things stand",
    412: "已有变化, 请重新读取 / it has changed, read it again",
    413: "请求过大 / too large",
    415: "须为 JSON / must be JSON",
    422: "规则不允许, 或内容有误 / a rule refuses it, or it is faulty",
    428: "须带 If-Match / needs If-Match",
    429: "过于频繁, 请稍后再试 / too often, come again later",
    500: "程序出错 / the program failed",
    503: "暂时繁忙 / busy, come again",
}
