"""统一社会信用代码: the 18-character code of every enterprise (GB 32100-2015).

What the standard asks, position by position:

    1       registration authority     a letter or digit of the alphabet
    2       category of the body       a letter or digit of the alphabet
    3-8     administrative division    six digits (GB/T 2260)
    9-17    body code                  letters and digits, the last one a check digit (GB 11714)
    18      check character            weighted sum modulo 31

A fault refuses a code. A doubt does not: it marks what the standard did not foresee but a registry
has issued, so that no lawful enterprise is shut out by software.

- Positions 1 and 2 are judged by the alphabet alone. The table of authorities grows (N for rural
  collectives, G for offices of foreign NGOs), and a closed list here would refuse valid codes.
- The body code's own check digit is only a doubt: codes with a right check character but another
  body digit are in circulation, and the check character already finds every single slip.
- Fujian issued codes in 2015 before the standard was in force (division 35, body ``M000``). Many
  carry another check character and are lawful to this day; for this series it is a doubt too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final, Literal

from pydantic import AfterValidator

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a code; I, O, S, V and Z are left out because they look like digits."""

LENGTH: Final = 18
_LONGEST_INPUT: Final = 256  # beyond this a text is no code, and not worth normalising

_SHOWN: Final = 3  # faults named in one error; a row of garbage would list eighteen

_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
# What a person or an optical reader most likely meant by a letter that no code contains.
_LOOKS_LIKE: Final = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
_EARLY_FUJIAN: Final = re.compile(r"..35....M000")
_SPREADSHEET_NUMBER: Final = re.compile(r"\d(\.\d+)?[Ee][+]?\d+|\d+\.0+")

FaultKind = Literal["number", "length", "character", "division", "body-check", "check"]


@dataclass(frozen=True, kw_only=True, slots=True)
class UsccFault:
    """One thing that is wrong (or doubtful) in a code, said so that a clerk can correct it."""

    kind: FaultKind
    position: int | None
    """1 to 18, or None when the text as a whole is at fault."""
    found: str
    expected: str
    zh: str
    en: str

    def __str__(self) -> str:
        """Give both languages, Chinese first."""
        return f"{self.zh} / {self.en}"


def normalise(text: str) -> str:
    """Give the code as it would be printed: half-width, upper case, without spaces and hyphens.

    Undoes what spreadsheets, phones and copying from web pages do to a code, including a leading
    apostrophe and invisible characters. Nothing is guessed: a letter O stays a letter O.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    kept = []
    for raw in text:
        # Full-width forms lie at a fixed distance from ASCII.
        character = chr(ord(raw) - 0xFEE0) if "\uff01" <= raw <= "\uff5e" else raw
        if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"}:
            continue
        # Only ASCII has an upper case here: str.upper would turn one "ß" into two letters.
        kept.append(character.upper() if "a" <= character <= "z" else character)
    return "".join(kept).lstrip("'`\u2018\u2019")


def check_character(first17: str) -> str:
    """Compute the 18th character from the 17 before it: (31 - weighted sum mod 31) mod 31.

    Raises ValueError when ``first17`` is not 17 characters of the alphabet.
    """
    if len(first17) != LENGTH - 1 or any(c not in _VALUE for c in first17):
        msg = f"前 17 位不合规 / not 17 characters of the alphabet: {first17[:40]!r}"
        raise ValueError(msg)
    total = sum(_VALUE[c] * weight for c, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def body_check_digit(body8: str) -> str:
    """Compute the last character of a body code from its first eight (GB 11714): a digit or X.

    Letters count A = 10 to Z = 35 without a gap, other than in the code's own alphabet. Raises
    ValueError when ``body8`` is not eight letters or digits.
    """
    if not re.fullmatch(r"[0-9A-Z]{8}", body8):
        msg = f"主体标识码前 8 位不合规 / not eight letters or digits: {body8[:40]!r}"
        raise ValueError(msg)
    total = sum(int(c, 36) * weight for c, weight in zip(body8, _BODY_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def faults(text: str) -> tuple[UsccFault, ...]:
    """Say everything that makes ``text`` no code; empty when it is one.

    The text is normalised first. The check character is judged only when all else is right,
    because any other slip would change it.
    """
    code = normalise(text) if len(text) <= _LONGEST_INPUT else text
    shape = _shape_faults(code, text)
    if shape:
        return shape
    if check_character(code[:17]) == code[17] or _EARLY_FUJIAN.match(code):
        return ()
    return (_wrong_check(code),)


def doubts(text: str) -> tuple[UsccFault, ...]:
    """Say what is unusual about a valid code, for a warning beside an imported row.

    Empty when ``text`` is no code at all: then its faults speak.
    """
    if faults(text):
        return ()
    code = normalise(text)
    found = []
    if body_check_digit(code[8:16]) != code[16]:
        found.append(_odd_body_digit(code))
    if check_character(code[:17]) != code[17]:
        found.append(_early_series(code))
    return tuple(found)


def make(authority: str, category: str, division: str, organisation8: str) -> str:
    """Build a valid code from its parts; both check characters are computed.

    For fictional enterprises and tests: ``make("9", "1", "430482", "MA4L0001")``. Raises ValueError
    when a part has the wrong length or characters.
    """
    first16 = authority + category + division + organisation8
    if [len(p) for p in (authority, category, division, organisation8)] != [1, 1, 6, 8]:
        msg = (
            f"各段长度应为 1、1、6、8 / parts must have 1, 1, 6 and 8 characters: {first16[:40]!r}"
        )
        raise ValueError(msg)
    first17 = first16 + body_check_digit(organisation8)
    return _valid(first17 + check_character(first17))


def _shape_faults(code: str, text: str) -> tuple[UsccFault, ...]:
    """Judge length, characters and division; all but the sums."""
    # "0E1151950000000006" could be read as a number but is made of 18 lawful characters.
    lawful = len(code) == LENGTH and all(c in _VALUE for c in code)
    if not lawful and _SPREADSHEET_NUMBER.fullmatch(text.strip()):
        return (_became_a_number(code),)
    if len(code) != LENGTH:
        return (_wrong_length(code),)
    places = tuple(enumerate(code, start=1))
    return (
        tuple(_wrong_character(i, c) for i, c in places if c not in _VALUE)
        or tuple(_wrong_division(i, c) for i, c in places[2:8] if not c.isdigit())
        # No division of GB/T 2260 begins with 0; this also refuses a code of zeros only.
        or tuple(_wrong_division(i, c) for i, c in places[2:3] if c == "0")
    )


def _became_a_number(code: str) -> UsccFault:
    return UsccFault(
        kind="number",
        position=None,
        found=code[:40],
        expected="text",
        zh="表格软件把代码当成了数字, 末几位已丢失; 请把该列设为“文本”后重新填写",
        en="the spreadsheet turned the code into a number and lost its last digits; "
        "format the column as text and enter it again",
    )


def _wrong_length(code: str) -> UsccFault:
    return UsccFault(
        kind="length",
        position=None,
        found=code[:40],
        expected=str(LENGTH),
        zh=f"应为 {LENGTH} 位, 实为 {len(code)} 位",
        en=f"must have {LENGTH} characters, has {len(code)}",
    )


def _wrong_character(position: int, found: str) -> UsccFault:
    likely = _LOOKS_LIKE.get(found)
    hint_zh = f", 是否应为“{likely}”?" if likely else ""
    hint_en = f"; did you mean {likely}?" if likely else ""
    return UsccFault(
        kind="character",
        position=position,
        found=found,
        expected=likely or ALPHABET,
        zh=f"第 {position} 位是“{found}”, 只能用数字和大写字母 (不含 I、O、S、V、Z){hint_zh}",
        en=f"position {position} is {found!r}; only digits and capital letters "
        f"other than I, O, S, V, Z are allowed{hint_en}",
    )


def _wrong_division(position: int, found: str) -> UsccFault:
    wanted = "1-9" if found == "0" else "0-9"
    return UsccFault(
        kind="division",
        position=position,
        found=found,
        expected=wanted,
        zh=f"第 {position} 位是“{found}”, 第 3 至 8 位是行政区划码, 此位应为数字 {wanted}",
        en=f"position {position} is {found}; positions 3 to 8 are the administrative division, "
        f"a digit {wanted} is expected here",
    )


def _wrong_check(code: str) -> UsccFault:
    expected = check_character(code[:17])
    # The body code checks itself, which tells on which side of it one slip must lie.
    if body_check_digit(code[8:16]) == code[16]:
        where_zh, where_en = "第 1 至 8 位或第 18 位", "in positions 1 to 8 or 18"
    else:
        where_zh, where_en = "第 9 至 17 位", "in positions 9 to 17"
    return UsccFault(
        kind="check",
        position=LENGTH,
        found=code[17],
        expected=expected,
        zh=f"校验不通过: 第 18 位是“{code[17]}”, 由前 17 位算得“{expected}”; 请先核对{where_zh}",
        en=f"check failed: position 18 is {code[17]} but the 17 before it give {expected}; "
        f"the slip is most likely {where_en}",
    )


def _odd_body_digit(code: str) -> UsccFault:
    expected = body_check_digit(code[8:16])
    return UsccFault(
        kind="body-check",
        position=17,
        found=code[16],
        expected=expected,
        zh=f"第 17 位是“{code[16]}”, 按主体标识码规则应为“{expected}”, 请与营业执照核对",
        en=f"position 17 is {code[16]} but the body code's own rule gives {expected}; "
        "compare it with the licence",
    )


def _early_series(code: str) -> UsccFault:
    return UsccFault(
        kind="check",
        position=LENGTH,
        found=code[17],
        expected=check_character(code[:17]),
        zh="福建 2015 年试点期发放的代码, 校验位与国标不同但合法, 请与营业执照核对",
        en="issued in Fujian's pilot of 2015: lawful although its check character differs from "
        "the standard; compare it with the licence",
    )


@lru_cache(maxsize=65_536)
def _valid(text: str) -> str:
    """Normalise ``text`` and refuse it with its faults; the validator behind ``Uscc``.

    One enterprise's code stands in some thirty entries a visit, so the last ones are remembered.
    """
    found = faults(text)
    if found:
        raise ValueError("; ".join(map(str, found[:_SHOWN])))
    return normalise(text)


Uscc = Annotated[str, AfterValidator(_valid)]
"""A field that holds a valid code, normalised on the way in."""
