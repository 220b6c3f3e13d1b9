"""The 18-character enterprise code: nothing wrong gets in, nothing lawful is kept out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.uscc import (
    ALPHABET,
    Uscc,
    body_check_digit,
    check_character,
    doubts,
    faults,
    make,
    normalise,
)

DIGITS = "0123456789"
FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in ALPHABET}

symbols = st.sampled_from(ALPHABET)
codes = st.builds(
    make,
    symbols,
    symbols,
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    st.text(ALPHABET, min_size=8, max_size=8),
)
uscc = TypeAdapter(Uscc)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",  # the standard's own worked example
        "9135010557098120XJ",  # body check digit X
        "913301086706280599",
        "91430481338544507E",
        "92141127MA0KD1Y64A",  # a sole trader; the division begins with 14
        "12440600MB2C07549J",  # a public institution
        "52100000523000026F",  # a social body registered nationally, division 100000
    ],
)
def test_published_codes_are_valid_without_a_doubt(code: str) -> None:
    """Tests that codes as registries print them pass both check characters."""
    assert faults(code) == ()
    assert doubts(code) == ()
    assert uscc.validate_python(code) == code


def test_check_character_by_hand() -> None:
    """Tests the sum of the standard on its own example."""
    # 91350100M000100Y4: 9*1 + 1*3 + 3*9 + 5*27 + 0 + 1*26 + 0 + 0 + M(21)*20 + 0 + 0 + 0
    #   + 1*8 + 0 + 0 + Y(30)*30 + 4*28 = 1640; 1640 mod 31 = 28; 31 - 28 = 3.
    assert check_character("91350100M000100Y4") == "3"


def test_a_remainder_of_zero_gives_zero_and_not_an_error() -> None:
    """Tests the outer modulus, which several other implementations forget."""
    ending_in_zero = next(
        code for n in range(1000) if (code := make("9", "1", "430482", f"MA4{n:05}"))[17] == "0"
    )
    assert faults(ending_in_zero) == ()


@pytest.mark.parametrize(
    ("body8", "digit"),
    [
        ("57098120", "X"),  # 15+49+0+90+40+8+8+0 = 210, remainder 1, and 11 - 1 = 10 is written X
        ("00000000", "0"),  # remainder 0, and 11 - 0 = 11 is written 0
        ("M000100Y", "4"),  # 66+0+0+0+5+0+0+68 = 139, remainder 7: M = 22 and Y = 34 here
    ],
)
def test_body_check_digit(body8: str, digit: str) -> None:
    """Tests the organisation code's own check digit at its three special turns."""
    assert body_check_digit(body8) == digit


@pytest.mark.parametrize("authority", ["N", "A", "Y", "G"])
def test_letters_may_stand_for_the_authority(authority: str) -> None:
    """Tests that rural collectives (N), the army (A), others (Y) and foreign NGOs (G) pass."""
    code = make(authority, "1", "430482", "MA4L0001")
    assert faults(code) == ()


@pytest.mark.parametrize(
    "code",
    ["91350211M0000XUF46", "91350100M0001TGQXM", "91350203M0001FUE2P", "91350203M0001QKT19"],
)
def test_early_codes_of_fujian_are_accepted_with_a_doubt(code: str) -> None:
    """Tests that lawful codes older than the standard are warned about, never refused."""
    assert check_character(code[:17]) != code[17]
    assert faults(code) == ()
    assert "check" in [doubt.kind for doubt in doubts(code)]


def test_another_body_digit_is_a_doubt_and_no_fault() -> None:
    """Tests that a code in circulation with a wrong 17th character stays usable."""
    (doubt,) = doubts("91520421MA6DJ09246")
    assert (doubt.kind, doubt.position, doubt.found, doubt.expected) == ("body-check", 17, "4", "7")


def test_a_code_that_looks_like_a_number_is_a_code() -> None:
    """Tests that the guard against spreadsheets refuses no code like 0E1151."""
    assert faults(make("0", "E", "115195", "00000000")) == ()


@given(codes)
def test_made_codes_are_valid(code: str) -> None:
    """Tests that whatever ``make`` builds is valid, undoubted and already normal."""
    assert faults(code) == ()
    assert doubts(code) == ()
    assert normalise(code) == code == uscc.validate_python(code)


@given(codes, st.integers(0, 17), symbols)
def test_one_wrong_character_is_always_found(code: str, place: int, other: str) -> None:
    """Tests that any single substitution is a fault, outside the early Fujian series."""
    wrong = code[:place] + other + code[place + 1 :]
    early = wrong[2:4] == "35" and wrong[8:12] == "M000"
    assert (faults(wrong) == ()) == (other == code[place] or early)


@given(codes, st.integers(0, 16))
def test_swapped_neighbours_are_always_found(code: str, place: int) -> None:
    """Tests that exchanging two neighbours is a fault, unless they are equal."""
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    early = swapped[2:4] == "35" and swapped[8:12] == "M000"
    assert (faults(swapped) == ()) == (swapped == code or early)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    """Tests that nothing a person can type or upload raises anything but a plain refusal."""
    assert normalise(normalise(text)) == normalise(text)
    if faults(text):
        assert doubts(text) == ()
        with pytest.raises(ValidationError):
            uscc.validate_python(text)
    else:
        assert uscc.validate_python(text) == normalise(text)


@given(codes, st.sampled_from(["lower", "full-width", "spaced", "hyphens", "apostrophe", "hidden"]))
def test_spreadsheet_spellings_are_normalised(code: str, spelling: str) -> None:
    """Tests that every harmless way of writing a code ends as the printed one."""
    written = {
        "lower": code.lower(),
        "full-width": code.translate(FULL_WIDTH).lower(),
        "spaced": f" {code[:8]}\u3000{code[8:17]}\u00a0{code[17]}\t",
        "hyphens": f"{code[:8]}-{code[8:17]}\uff0d{code[17]}",
        "apostrophe": f"'{code}",
        "hidden": f"\ufeff{code}\u200b",
    }[spelling]
    assert normalise(written) == code
    assert uscc.validate_python(written) == code


@pytest.mark.parametrize(
    ("text", "kind", "position", "expected"),
    [
        ("", "length", None, "18"),
        ("91430481338544507", "length", None, "18"),
        ("x" * 3_000_000, "length", None, "18"),
        ("914304813385445O7E", "character", 16, "0"),
        ("9143048133854450企E", "character", 17, ALPHABET),
        ("91430A81338544507E", "division", 6, "0-9"),
        ("000000000000000000", "division", 3, "1-9"),
        ("9.1430481338545E+17", "number", None, "text"),
        ("913301086706280599.0", "number", None, "text"),
        ("91430481338544507F", "check", 18, "E"),
    ],
)
def test_a_fault_names_the_place_and_what_belongs_there(
    text: str, kind: str, position: int | None, expected: str
) -> None:
    """Tests that each kind of slip is told apart, with its place and the remedy."""
    (fault,) = faults(text)
    assert (fault.kind, fault.position, fault.expected) == (kind, position, expected)
    assert str(fault) == f"{fault.zh} / {fault.en}"
    assert len(str(fault)) < 300


def test_the_body_digit_tells_where_to_look() -> None:
    """Tests that a failed check points inside or outside the body code."""
    good = "91430481338544507E"
    (outside,) = faults(good.replace("914304", "914303"))
    (inside,) = faults(good.replace("33854450", "33854451"))
    assert "第 1 至 8 位或第 18 位" in outside.zh
    assert "第 9 至 17 位" in inside.zh


def test_the_field_reports_a_few_faults_and_no_flood() -> None:
    """Tests that a row of garbage gives three named places, not eighteen."""
    with pytest.raises(ValidationError) as refused:
        uscc.validate_python("?" * 18)
    assert str(refused.value).count("只能用数字和大写字母") == 3


@pytest.mark.parametrize(
    "parts",
    [
        ("91", "1", "430482", "MA4L0001"),
        ("9", "1", "43048", "MA4L0001"),
        ("9", "1", "430482", "MA4L000"),
        ("9", "1", "430482", "ma4l0001"),
        ("9", "1", "430482", "MA4I0001"),
        ("9", "1", "43A482", "MA4L0001"),
    ],
)
def test_make_refuses_wrong_parts(parts: tuple[str, str, str, str]) -> None:
    """Tests that no invalid code can be made by mistake."""
    with pytest.raises(ValueError, match="/"):
        make(*parts)


@pytest.mark.parametrize("first", ["", "91430481338544507E", "9143048133854450O"])
def test_check_character_refuses_what_is_not_17_characters(first: str) -> None:
    """Tests the guard of the bare computation."""
    with pytest.raises(ValueError, match="17"):
        check_character(first)
