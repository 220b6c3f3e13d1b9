from pathlib import Path

from portal.cli.reference import markdown

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "cli.md"


def test_the_page_is_what_the_program_says() -> None:
    """Where it is not: python -m portal.cli.reference > docs/reference/cli.md."""
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_command_has_a_sentence_in_both_languages() -> None:
    lines = markdown().splitlines()
    headings = [n for n, line in enumerate(lines) if line.startswith("### ")]
    said = {lines[n]: lines[n + 2] for n in headings}
    assert said
    assert [name for name, text in said.items() if " / " not in text] == []
