"""A small OpenID Connect provider as a process: real sockets, real signatures, faults to order.

    python tests/portal/http/oidc_provider.py

It listens on 127.0.0.1, prints its issuer, and logs in whoever ``POST /orders`` said last. It checks
PKCE, the client's secret and the redirect itself, with the standard library alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import sys
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from streams.clock import SystemClock

CLIENT, SECRET = "wurao", "a secret of the client"

app = FastAPI()
keys = [RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})]
stranger = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
issuer = ""
orders: dict[str, Any] = {}
codes: dict[str, dict[str, str]] = {}
ended: list[dict[str, str]] = []


@app.get("/.well-known/openid-configuration")
def discovery() -> dict[str, Any]:
    """Say what there is."""
    return {
        "issuer": orders.get("issuer", issuer),
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": True,
    }


@app.get("/jwks")
def jwks() -> dict[str, Any]:
    """Show the keys, one of a kind that nobody reads among them."""
    strange = {"kty": "QUANTUM", "kid": "q"}
    return {"keys": [*(key.as_dict(private=False) for key in keys), strange]}


@app.get("/authorize")
def authorize(request: Request) -> Response:
    """Log in whoever was ordered, without asking."""
    asked = dict(request.query_params)
    answer = {"state": asked["state"], "iss": orders.get("iss", issuer)}
    if "error" in orders:
        answer["error"] = orders["error"]
    else:
        answer["code"] = secrets.token_urlsafe(16)
        codes[answer["code"]] = asked
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)


@app.post("/token")
def token(
    request: Request,
    code: str = Form(),
    redirect_uri: str = Form(),
    code_verifier: str = Form(),
    grant_type: str = Form(),
) -> Response:
    """Redeem a code once, for the client that may."""
    basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    asked = codes.pop(code, None)
    digest = hashlib.sha256(code_verifier.encode()).digest()
    fits = (
        asked is not None
        and request.headers.get("authorization") == f"Basic {basic}"
        and grant_type == "authorization_code"
        and asked["code_challenge_method"] == "S256"
        and asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        and asked["redirect_uri"] == redirect_uri
        and "openid" in asked["scope"].split()
    )
    if asked is None or not fits:
        return JSONResponse({"error": "invalid_grant"}, 400)
    access = secrets.token_urlsafe(16)
    half = hashlib.sha256(access.encode()).digest()[:16]
    now = int(SystemClock().now().timestamp()) + orders.get("late", 0)
    claims = {
        "iss": issuer,
        "aud": CLIENT,
        "sub": "u-1",
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        **orders.get("claims", {}),
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    signed = {"id_token": _signed(claims)} if orders.get("signed") != "not" else {}
    return JSONResponse({"access_token": access, "token_type": "Bearer", **signed})


def _signed(claims: dict[str, Any]) -> str:
    match orders.get("signed"):
        case "by-stranger":
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, stranger)
        case "by-nobody":
            parts = [b'{"alg":"none"}', json.dumps(claims).encode(), b""]
            return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts)
        case _:
            return jwt.encode({"alg": "RS256", "kid": keys[-1].kid}, claims, keys[-1])


@app.get("/end")
def end(request: Request) -> dict[str, str]:
    """End the login here too."""
    ended.append(dict(request.query_params))
    return {"said": "bye"}


@app.post("/orders")
async def order(request: Request) -> dict[str, Any]:
    """Take orders for the next logins; ``turn`` makes a new key, the old one stays in the set."""
    orders.clear()
    orders.update(await request.json())
    if orders.get("turn"):
        keys.append(RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"}))
    return {"ended": ended}


def main() -> None:
    """Serve on a free port until the process is ended."""
    global issuer  # noqa: PLW0603 - a process is one provider
    with socket.create_server(("127.0.0.1", 0)) as taken:
        issuer = f"http://127.0.0.1:{taken.getsockname()[1]}"
        sys.stdout.write(f"{issuer}\n")
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(app, log_config=None)).run(sockets=[taken])


if __name__ == "__main__":
    main()
