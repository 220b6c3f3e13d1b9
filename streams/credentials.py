"""What people show at a gate: visit codes and gate codes, signed; rating tokens, keyed.

``streams.codes`` says how they are spelled and reads what is signed; here are the secret keys. A
rating token proves nothing to others and needs no signature: a keyed hash makes it short.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from streams import codes
from streams.codes import CodeReader, VisitCode
from streams.keyring import KeyRing

_MAC = 16


class KeyedCredentials:
    """Makes and reads codes and tokens with the keys of a ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._private = cache(self._load)
        self._reader = cache(lambda: CodeReader(self.public_keys()))
        self._key = cache(self._derived)

    def visit_code(self, serial: str, visit: str, valid_from: datetime, until: datetime) -> str:
        """Return the compact signed text of a visit code, as it stands in the QR code."""
        body = codes.visit_body(serial, visit, valid_from, until)
        return self._sign(codes.VISIT, body, self._ring.newest)

    def visit_codes(
        self, serial: str, visit: str, valid_from: datetime, until: datetime
    ) -> Sequence[str]:
        """Return every genuine text of a visit code: one for each key that counts, newest last.

        What was shown or printed before a rotation stays genuine, until its key is revoked.
        """
        body = codes.visit_body(serial, visit, valid_from, until)
        return [self._sign(codes.VISIT, body, number) for number in self._ring.valid]

    def read_visit_code(self, text: str) -> tuple[str, str] | None:
        """Return (serial, visit) of a genuine code; ``None`` for a forged one."""
        code = self.inspect(text)
        return (code.serial, code.visit) if code else None

    def inspect(self, text: str) -> VisitCode | None:
        """Return all that a genuine visit code says, for who has no ledger at hand."""
        return self._reader().visit(text)

    def gate_code(self, enterprise: str) -> str:
        """Return the enterprise's own gate code."""
        return self._sign(codes.GATE, codes.packed(enterprise), self._ring.newest)

    def read_gate_code(self, text: str) -> str | None:
        """Return the enterprise of a genuine gate code; ``None`` for a forged one."""
        return self._reader().gate(text)

    def rating_token(self, visit: str) -> str:
        """Return the rating token of a visit. It goes to the enterprise only."""
        return self._token(codes.RATING, visit, self._ring.newest)

    def rating_tokens(self, visit: str) -> Sequence[str]:
        """Return every genuine rating token of a visit: one for each key that counts, newest last."""
        return [self._token(codes.RATING, visit, n) for n in self._ring.valid]

    def read_rating_token(self, text: str) -> str | None:
        """Return the visit of a genuine rating token; ``None`` for a forged one."""
        return self._read_token(codes.RATING, text)

    def problem_token(self, problem: str) -> str:
        """Return the token by which an enterprise gives its word on its problem."""
        return self._token(codes.PROBLEM, problem, self._ring.newest)

    def read_problem_token(self, text: str) -> str | None:
        """Return the problem of a genuine token; ``None`` for a forged one."""
        return self._read_token(codes.PROBLEM, text)

    def _read_token(self, kind: bytes, text: str) -> str | None:
        body = codes.read(text)
        if body is None or not codes.is_of(body[:-_MAC], kind):
            return None
        signed, mac = body[:-_MAC], body[-_MAC:]
        if signed[2] not in self._ring.valid or not hmac.compare_digest(mac, self._mac(signed)):
            return None
        return signed[codes.HEAD :].decode()

    def fingerprint(self, payload: bytes) -> str:
        """Return a keyed hash of a payload, which tells nothing to who lacks the key.

        Always under the oldest key: a command that comes again after a rotation must be known.
        """
        return hmac.digest(self._key(self._ring.oldest, "fingerprint"), payload, "sha256").hex()

    def public_keys(self) -> dict[int, bytes]:
        """Return the raw Ed25519 public keys that count, by number, for who verifies codes without us."""
        raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {n: self._private(n).public_key().public_bytes(*raw) for n in self._ring.valid}

    def _sign(self, kind: bytes, body: bytes, number: int) -> str:
        signed = codes.head(kind, number) + body
        return codes.spelled(signed + self._private(number).sign(signed))

    def _token(self, kind: bytes, about: str, number: int) -> str:
        signed = codes.head(kind, number) + about.encode()
        return codes.spelled(signed + self._mac(signed))

    def _mac(self, signed: bytes) -> bytes:
        return hmac.digest(self._key(signed[2], "rating"), signed, "sha256")[:_MAC]

    def _load(self, number: int) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._key(number, "signing"))

    def _derived(self, number: int, use: str) -> bytes:
        key = self._ring.derive(number, use)
        if key is None:
            raise KeyError(number)
        return key
