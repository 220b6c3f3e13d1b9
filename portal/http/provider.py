"""Logins at an OpenID Connect provider: authorization code with PKCE, discovery, checked id tokens.

OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in the answer),
RP-Initiated Logout 1.0. The code of the protocol is authlib's; here stand the choices.
"""

from __future__ import annotations

import base64
import hmac
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import yaml
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from pydantic import ValidationError

from portal.http.claims import ProviderSettings
from schemas.faults import explain

SIGNED_BY: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
"""Signatures of id tokens that are accepted: none that a shared secret or nobody could make."""

_LEEWAY: Final = 60  # seconds by which two clocks may differ
_FRESH: Final = timedelta(hours=1)
_TIMEOUT: Final = 10.0
_KEPT: Final = 10_000


class ProviderSettingsError(ValueError):
    """The settings of the provider cannot be used; the text says why."""


class ProviderError(Exception):
    """A login at the provider failed; ``code`` is stable, ``detail`` is for the log alone."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


@dataclass(frozen=True, slots=True)
class Flow:
    """A login on its way. All that it must remember follows from one secret in the browser."""

    secret: str

    @property
    def state(self) -> str:
        """What the provider brings back: the answer belongs to this browser."""
        return self._derived(b"state")

    @property
    def nonce(self) -> str:
        """What the id token must hold: it was made for this login."""
        return self._derived(b"nonce")

    @property
    def verifier(self) -> str:
        """What only we can show for the code (RFC 7636): 43 letters."""
        return self._derived(b"verifier")

    def _derived(self, what: bytes) -> str:
        digest = hmac.digest(self.secret.encode(), what, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Proven:
    """Who logged in, as the provider says it; the token is kept for the logout alone."""

    claims: Mapping[str, Any]
    id_token: str


@dataclass(slots=True)
class _Known:
    """What the provider says of itself, and when it said so."""

    metadata: dict[str, Any]
    keys: KeySet
    at: datetime


class Provider:
    """One provider of logins. Nothing is asked of it before somebody logs in."""

    def __init__(self, settings: ProviderSettings, secret: str | None = None) -> None:
        self.settings = settings
        self.keys_again = timedelta(minutes=1)
        """How long strange key ids do not make us ask for keys again."""
        self._secret = secret
        self._known: _Known | None = None
        self._tokens: OrderedDict[str, str] = OrderedDict()
        self._verify = ssl.create_default_context(cafile=settings.ca_file)

    @classmethod
    def read(cls, file: Path) -> Provider:
        """Return the provider of a settings file; relative paths in it start at its folder.

        Raises:
            ProviderSettingsError: If the file, or one that it names, cannot be used.
        """
        try:
            settings = ProviderSettings.model_validate(yaml.safe_load(file.read_bytes()))
            if settings.ca_file:
                ca = {"ca_file": str(file.parent / settings.ca_file)}
                settings = settings.model_copy(update=ca)
            named = file.parent / settings.secret_file if settings.secret_file else None
            secret = named.read_text("utf-8").strip() if named else None
            found = cls(settings, secret)
        except ValidationError as error:
            raise ProviderSettingsError(f"{file}: {explain(error)}") from None
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ProviderSettingsError(f"{file}: 读不出 / cannot be read: {error}") from None
        if not _safe(settings.issuer):
            said = "issuer 须为 https / issuer must be https"
            raise ProviderSettingsError(f"{file}: {said}")
        return found

    async def begin(self, flow: Flow, back: str, now: datetime) -> str:
        """Return where a browser goes to log in; it comes back to ``back``.

        Raises:
            ProviderError: If the provider cannot be asked.
        """
        known = await self._metadata(now)
        async with self._client(back) as client:
            url, _ = client.create_authorization_url(
                known.metadata["authorization_endpoint"],
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
            )
        return str(url)

    async def finish(
        self, flow: Flow, answer: Mapping[str, str], back: str, now: datetime
    ) -> Proven:
        """Return who logged in, from what the provider let the browser bring back.

        Raises:
            ProviderError: If the answer is not this login's, was a refusal, or proves nothing.
        """
        if not flow.secret:
            raise ProviderError("not-this-login", "this browser began none")
        if not hmac.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
            raise ProviderError("not-this-login", "the state is another one")
        known = await self._metadata(now)
        _from(answer, known.metadata)
        if "error" in answer:
            denied = answer["error"] == "access_denied"
            raise ProviderError("denied" if denied else "provider-faulty", answer["error"][:100])
        token = await self._redeemed(flow, answer.get("code", ""), back, known)
        text = token.get("id_token")
        if not isinstance(text, str):
            raise ProviderError("token-unfit", "there is no id token")
        return Proven(await self._checked(text, token, flow, now), text)

    async def _redeemed(self, flow: Flow, code: str, back: str, known: _Known) -> dict[str, Any]:
        try:
            async with self._client(back) as client:
                return dict(
                    await client.fetch_token(
                        known.metadata["token_endpoint"],
                        grant_type="authorization_code",
                        code=code,
                        code_verifier=flow.verifier,
                    )
                )
        except OAuthError as error:
            raise ProviderError("provider-refused", f"{error.error}: {error.description}") from None
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderError("provider-unreachable", repr(error)) from None

    async def _checked(
        self, text: str, token: Mapping[str, Any], flow: Flow, now: datetime
    ) -> Mapping[str, Any]:
        known, client = await self._metadata(now), self.settings.client_id
        try:
            try:
                decoded = _decoded(text, known)
            except InvalidKeyIdError:  # the provider may have changed its keys since we asked
                if now - known.at < self.keys_again:
                    raise
                self._known = None
                decoded = _decoded(text, await self._metadata(now))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self.settings.issuer},
                    "aud": {"essential": True, "value": client},
                },
                {
                    "nonce": flow.nonce,
                    "client_id": client,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError) as error:
            raise ProviderError("token-unfit", repr(error)) from None
        return dict(claims)

    def keep(self, digest: str, id_token: str) -> None:
        """Keep an id token for the logout of a session, in this process alone."""
        self._tokens[digest] = id_token
        while len(self._tokens) > _KEPT:
            self._tokens.popitem(last=False)

    async def farewell(self, digest: str, back: str, now: datetime) -> str | None:
        """Return where a browser ends its login at the provider too; ``None`` where it cannot."""
        id_token = self._tokens.pop(digest, None)
        try:
            known = await self._metadata(now)
        except ProviderError:
            return None
        end = known.metadata.get("end_session_endpoint")
        if end is None:
            return None
        fields = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        if id_token is not None:
            fields["id_token_hint"] = id_token
        return str(add_params_to_uri(end, fields))

    async def _metadata(self, now: datetime) -> _Known:
        known = self._known
        if known is not None and now - known.at < _FRESH:
            return known
        try:
            async with self._client() as client:
                found = await _json(client, get_well_known_url(self.settings.issuer, external=True))
                _holds(found, self.settings.issuer)
                keys = await _json(client, found["jwks_uri"])
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise ProviderError("provider-unreachable", repr(error)) from None
        self._known = _Known(found, _keys(keys), now)
        return self._known

    def _client(self, back: str | None = None) -> Any:  # noqa: ANN401 - authlib has no types
        return AsyncOAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self._secret,
            scope=" ".join(self.settings.scopes),
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
            verify=self._verify,
            trust_env=False,
        )


async def _json(client: Any, url: str) -> dict[str, Any]:  # noqa: ANN401 - authlib has no types
    answer = await client.request("GET", url, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError(url)
    return found


def _holds(metadata: dict[str, Any], issuer: str) -> None:
    """Refuse what a provider says of itself where it is another's, or leads to unsafe places."""
    if metadata.get("issuer") != issuer:
        raise ValueError(f"the issuer calls itself {metadata.get('issuer')!r}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _safe(str(metadata.get(name))):
            raise ValueError(f"{name} is not https")
    if not _safe(str(metadata.get("end_session_endpoint", issuer))):
        raise ValueError("end_session_endpoint is not https")


def _safe(url: str) -> bool:
    """Whether an address is encrypted, or on this very machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _from(answer: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
    """Refuse an answer of another provider (RFC 9207)."""
    needed = metadata.get("authorization_response_iss_parameter_supported") is True
    if (needed or "iss" in answer) and answer.get("iss") != metadata["issuer"]:
        raise ProviderError("not-this-login", "another issuer answered")


def _keys(found: Mapping[str, Any]) -> KeySet:
    """Return the keys that sign; a set may hold others, of kinds that nobody here reads."""
    listed = found.get("keys")
    kept = [
        each
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
        and each.get("kty") in {"RSA", "EC", "OKP"}
        and each.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": kept})
    except (JoseError, ValueError, KeyError) as error:
        raise ProviderError("provider-faulty", repr(error)) from None


def _decoded(text: str, known: _Known) -> jwt.Token:
    said = known.metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    allowed = [name for name in SIGNED_BY if name in said]
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    return jwt.decode(text, known.keys, registry=registry)
