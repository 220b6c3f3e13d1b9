"""What a login at a provider means here: its settings, and from its claims to an actor. Pure data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from schemas.base import Bilingual, Frozen, Id
from schemas.envelope import Actor, ActorRole

DEPARTMENTAL: Final = frozenset(
    {ActorRole.CLERK, ActorRole.HEAD, ActorRole.LEGAL, ActorRole.OFFICER}
)
"""Roles of a department's people."""

SCOPED: Final = frozenset(
    {
        ActorRole.CONGRESS,
        ActorRole.CONSULTATIVE,
        ActorRole.DISCIPLINE,
        ActorRole.MEDIA,
        ActorRole.OBSERVER,
        ActorRole.HOTLINE,
    }
)
"""五位一体: roles that read what their scope says, and a hotline that brings in and calls back."""

OF_ALL: Final = SCOPED | {
    ActorRole.LEADER,
    ActorRole.SCHEDULER,
    ActorRole.ADMIN,
    ActorRole.AUDITOR,
}
"""Roles that belong to no single department."""

_LONGEST_ID: Final = 90  # an actor's id, so that the id of its source fits too
_ID: Final = TypeAdapter(Id)

Claim = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A claim's name; dots lead into claims within claims, as in ``realm_access.roles``."""


class Grant(Frozen):
    """Whoever has these claims acts in this role.

    ``when`` names claims and the values of which one must be there. ``of`` is the department or
    enterprise of all whom the grant is for; ``of_claim`` is the claim that names each one's, and
    ``means`` says what that claim's values are called here, where they are called otherwise.
    """

    when: dict[Claim, str | tuple[str, ...]] = Field(min_length=1)
    role: ActorRole
    of: Id | None = None
    of_claim: Claim | None = None
    means: dict[str, Id] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _belongs(self) -> Grant:
        if self.role in OF_ALL:
            fits = self.of is None and self.of_claim is None
        elif self.role in DEPARTMENTAL or self.role is ActorRole.ENTERPRISE:
            fits = (self.of is None) != (self.of_claim is None)
        else:
            fits = False  # programs of ours do not log in
        if not fits or (self.means and self.of_claim is None):
            msg = (
                f"{self.role.value}: 部门或企业的身份须写 of 或 of_claim, 其他身份不写 / "
                "give of or of_claim for people of departments and enterprises, none for others"
            )
            raise ValueError(msg)
        return self


class ProviderSettings(Frozen):
    """A provider of logins. ``grants`` are tried in order; the first that fits counts.

    ``id_claim`` becomes the actor's id on record: it must name one person for ever. ``secret_file``
    holds the client's secret; without one the client is public and PKCE alone ties a code to it.
    ``ca_file`` holds the certificates of a house's own authority. ``local`` says whether local users
    may log in beside.
    """

    issuer: Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#]+$", max_length=500)]
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    secret_file: str | None = None
    ca_file: str | None = None
    scopes: tuple[str, ...] = ("openid", "profile")
    title: Bilingual = Bilingual(zh="统一身份认证", en="single sign-on")
    id_claim: Claim = "sub"
    grants: tuple[Grant, ...] = Field(min_length=1)
    local: bool = True

    @model_validator(mode="after")
    def _speaks_oidc(self) -> ProviderSettings:
        if "openid" not in self.scopes:
            msg = "scopes 须含 openid / scopes must hold openid"
            raise ValueError(msg)
        return self


class UnfitClaimsError(ValueError):
    """Claims that make nobody here; ``code`` says why, ``said`` tells it in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.said = (zh, en)
        super().__init__(en)


def actor_of(claims: Mapping[str, Any], settings: ProviderSettings) -> Actor:
    """Return who somebody with these claims is here.

    Raises:
        UnfitClaimsError: If no grant is for him, or a claim that it needs is missing or unfit.
    """
    id_ = _one(claims, settings.id_claim)
    for grant in settings.grants:
        if all(_has(claims, name, wanted) for name, wanted in grant.when.items()):
            return Actor(id=id_, role=grant.role, of=_of(claims, grant))
    raise UnfitClaimsError(
        "no-role",
        "您的账号在本系统没有身份, 请联系管理员",
        "your account has no role here; ask the administrator",
    )


def _of(claims: Mapping[str, Any], grant: Grant) -> str | None:
    if grant.of_claim is None:
        return grant.of
    for value in values(claims, grant.of_claim):
        if value in grant.means:
            return grant.means[value]
    return _one(claims, grant.of_claim)


def _has(claims: Mapping[str, Any], name: str, wanted: str | Sequence[str]) -> bool:
    asked = {wanted} if isinstance(wanted, str) else set(wanted)
    return not asked.isdisjoint(values(claims, name))


def values(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a claim's texts. A name is looked up whole first: some providers name claims by URLs."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    each = found if isinstance(found, list) else [found]
    return tuple(value for value in each if isinstance(value, str))


def _one(claims: Mapping[str, Any], name: str) -> str:
    found = values(claims, name)
    try:
        (only,) = found
        id_ = _ID.validate_python(only)
    except (ValueError, ValidationError):
        id_ = ""
    if not id_ or len(id_) > _LONGEST_ID:
        raise UnfitClaimsError(
            "unfit-claim",
            f"身份平台给出的 {name} 缺失或不能用作编号, 请联系管理员",
            f"the provider's claim {name} is missing or cannot be an id here; ask the administrator",
        )
    return id_
