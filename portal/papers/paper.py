"""What a paper is: a title, numbers and blocks, the same whether it is edited or printed."""

from __future__ import annotations

from dataclasses import dataclass

BLANK = "_" * 16
"""A place to write by hand."""

SIGNED = f"：{'_' * 20}　　　{'_' * 8}年{'_' * 4}月{'_' * 4}日"
"""A place to sign, with the day."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a paper."""

    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Paragraphs."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what stands for them, as a table of two columns."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading. ``shares`` are the widths of its columns, as parts of the whole."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """Who signs; each has a line of his own, with room for the day."""

    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code and what is said beside it."""

    text: str
    said: tuple[str, ...]


Block = Heading | Texts | Facts | Grid | Signs | Code


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: who issues it, what it is called, the numbers that lead back to the record."""

    issuer: str
    title: str
    numbers: tuple[str, ...]
    blocks: tuple[Block, ...]
    foot: str
