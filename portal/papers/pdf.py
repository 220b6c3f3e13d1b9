"""A paper to print: a PDF that carries its font, so that it looks the same everywhere."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Final, Literal, assert_never
from xml.sax.saxutils import escape

import segno
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from portal.papers.paper import (
    SIGNED,
    Block,
    Code,
    Facts,
    Grid,
    Heading,
    Paper,
    Signs,
    Texts,
)

TYPE: Final = "application/pdf"

FONTS: Final = (
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/usr/share/fonts/truetype/arphic/uming.ttc"),
)
"""Chinese fonts that Debian ships and a PDF can carry, the first of them that is there."""

# Of reportlab's names for an alignment, Chinese lines know the numbers only.
Align = Literal[0, 1, 2]
_LEFT: Final = 0
_CENTRE: Final = 1
_RIGHT: Final = 2

_NAME: Final = "chinese"
_WIDTH: Final = A4[0] - 5 * cm - 12  # a frame has a padding of its own
_LABEL: Final = 3.6 * cm
_CODE: Final = 3.6 * cm


class NoFontError(RuntimeError):
    """No Chinese font is on this machine."""


@cache
def _font(path: Path) -> str:
    pdfmetrics.registerFont(TTFont(_NAME, str(path), subfontIndex=0))
    return _NAME


def font() -> str:
    """Return the name of a Chinese font, loaded once.

    Raises:
        NoFontError: If there is none.
    """
    for path in FONTS:
        if path.is_file():
            return _font(path)
    raise NoFontError


def pdf(paper: Paper) -> bytes:
    """Return a paper as a PDF.

    Raises:
        NoFontError: If no Chinese font is on this machine.
    """
    styles = _Styles(font())
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=2.5 * cm,
        rightMargin=2.5 * cm,
        topMargin=1.6 * cm,
        bottomMargin=1.7 * cm,
        title=paper.title,
        author=paper.issuer,
        invariant=1,
    )
    story: list[Flowable] = [
        styles.text(paper.issuer, 15, _CENTRE),
        styles.text(paper.title, 20, _CENTRE),
        *(styles.text(number, 9.5, _RIGHT) for number in paper.numbers),
        Spacer(0, 6),
    ]
    for block in paper.blocks:
        story += _block(block, styles)
    story += [Spacer(0, 10), styles.text(paper.foot, 8.5)]

    def numbered(canvas: Canvas, _: object) -> None:
        canvas.setFont(styles.font, 8.5)
        canvas.drawCentredString(A4[0] / 2, 1.1 * cm, f"第 {canvas.getPageNumber()} 页")

    document.build(story, onFirstPage=numbered, onLaterPages=numbered)
    return out.getvalue()


class _Styles:
    """Paragraphs in one font; Chinese breaks between any two letters."""

    def __init__(self, name: str) -> None:
        self.font = name

    def text(
        self, text: str, size: float = 11, align: Align = _LEFT, indent: float = 0
    ) -> Paragraph:
        """Return a paragraph; what stands in it is text, never markup."""
        style = ParagraphStyle(
            f"{size}/{align}/{indent}",
            fontName=self.font,
            fontSize=size,
            leading=size * 1.45,
            alignment=align,
            firstLineIndent=indent,
            spaceAfter=3,
            wordWrap="CJK",
        )
        return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _block(block: Block, styles: _Styles) -> list[Flowable]:
    match block:
        case Heading(text):
            return [Spacer(0, 4), styles.text(text, 12.5)]
        case Texts(paragraphs):
            return [styles.text(text, indent=22) for text in paragraphs]
        case Facts(rows):
            cells = [[styles.text(name), styles.text(value)] for name, value in rows]
            return [_table(cells, [_LABEL, _WIDTH - _LABEL], shaded=(0, 0, 0, -1)), _gap()]
        case Grid():
            return [_grid(block, styles), _gap()]
        case Signs(who):
            return _signs(who, styles)
        case Code():
            return _code(block, styles)
        case _:
            assert_never(block)


def _gap() -> Spacer:
    return Spacer(0, 5)


def _grid(block: Grid, styles: _Styles) -> Table:
    cells = [[styles.text(cell, 10) for cell in row] for row in (block.heading, *block.rows)]
    widths = [_WIDTH * share / sum(block.shares) for share in block.shares]
    return _table(cells, widths, shaded=(0, 0, -1, 0), repeat=1)


def _signs(who: tuple[str, ...], styles: _Styles) -> list[Flowable]:
    lines: list[Flowable] = []
    for name in who:
        lines += [Spacer(0, 9), styles.text(f"{name}{SIGNED}")]
    return [KeepTogether(lines)]


def _code(block: Code, styles: _Styles) -> list[Flowable]:
    words = [styles.text(each, 10) for each in block.said]
    table = Table([[_Squares(block.text), words]], colWidths=[_CODE + 12, _WIDTH - _CODE - 12])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    return [Spacer(0, 4), KeepTogether([table])]


def _table(
    cells: list[list[Paragraph]],
    widths: list[float],
    *,
    shaded: tuple[int, int, int, int],
    repeat: int = 0,
) -> Table:
    table = Table(cells, colWidths=widths, repeatRows=repeat)
    left, top, right, bottom = shaded
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ("BACKGROUND", (left, top), (right, bottom), colors.HexColor("#f0f2f4")),
            ]
        )
    )
    return table


class _Squares(Flowable):
    """A QR code of drawn squares: sharp at any size."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows = tuple(segno.make(text, error="m", micro=False).matrix)
        self.width = self.height = _CODE

    def draw(self) -> None:
        """Draw it, with the quiet zone that scanners need."""
        side = _CODE / (len(self.rows) + 4)
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    place = ((x + 2) * side, _CODE - (y + 3) * side)
                    self.canv.rect(*place, side, side, stroke=0, fill=1)
