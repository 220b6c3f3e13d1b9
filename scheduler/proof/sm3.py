"""SM3 (GB/T 32905-2016), because not every OpenSSL has it. Plain, not fast: some 100 kB a second."""

from __future__ import annotations

from typing import Final

_START: Final = bytes.fromhex("7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e")
_WORD: Final = 0xFFFFFFFF
_BLOCK: Final = 64
_EARLY: Final = 16
_ROUNDS: Final = 64


def sm3(data: bytes) -> bytes:
    """Return the 32 bytes of the SM3 hash."""
    state = [int.from_bytes(_START[i : i + 4]) for i in range(0, 32, 4)]
    length = len(data) * 8
    data += b"\x80" + bytes(-(len(data) + 9) % _BLOCK) + length.to_bytes(8)
    for start in range(0, len(data), _BLOCK):
        state = _compress(state, data[start : start + _BLOCK])
    return b"".join(word.to_bytes(4) for word in state)


def _turn(x: int, n: int) -> int:
    n %= 32
    return ((x << n) | (x >> (32 - n))) & _WORD


def _words(block: bytes) -> list[int]:
    w = [int.from_bytes(block[i : i + 4]) for i in range(0, _BLOCK, 4)]
    for j in range(_EARLY, _ROUNDS + 4):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    return w


def _compress(state: list[int], block: bytes) -> list[int]:
    w = _words(block)
    a, b, c, d, e, f, g, h = state
    for j in range(_ROUNDS):
        early = j < _EARLY
        constant = 0x79CC4519 if early else 0x7A879D8A
        ss1 = _turn((_turn(a, 12) + e + _turn(constant, j)) & _WORD, 7)
        ss2 = ss1 ^ _turn(a, 12)
        ff = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if early else (e & f) | (~e & g)
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + w[j]) & _WORD
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
