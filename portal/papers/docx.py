"""A paper to edit: a Word document of plain paragraphs and tables."""

from __future__ import annotations

import io
from typing import Final, assert_never

import segno
from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

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

TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The type of a Word document."""

_BODY, _HEAD = "仿宋", "宋体"
_SIZE: Final = 12
_WIDTH: Final = 16.0  # centimetres between the margins
_LABEL: Final = 3.6


def docx(paper: Paper) -> bytes:
    """Return a paper as a Word document."""
    document = Document()
    _page(document)
    _line(document, paper.issuer, _HEAD, 16, centre=True)
    _line(document, paper.title, _HEAD, 20, centre=True, bold=True)
    for number in paper.numbers:
        _line(document, number, _BODY, 10.5, right=True)
    for block in paper.blocks:
        _block(document, block)
    _line(document, paper.foot, _BODY, 9)
    document.core_properties.title = paper.title
    document.core_properties.author = paper.issuer
    document.core_properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    style = document.styles["Normal"]
    style.font.size = Pt(_SIZE)
    _font(style.element.get_or_add_rPr().get_or_add_rFonts(), _BODY)


def _font(fonts: object, name: str) -> None:
    for place in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(place), name)  # type: ignore[attr-defined]  # an element of XML


def _line(
    document: Doc,
    text: str,
    font: str,
    size: float,
    *,
    centre: bool = False,
    right: bool = False,
    bold: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    _font(run._element.get_or_add_rPr().get_or_add_rFonts(), font)  # noqa: SLF001 - the library's own way to a font for Chinese
    paragraph.paragraph_format.space_after = Pt(4)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph


def _block(document: Doc, block: Block) -> None:
    match block:
        case Heading(text):
            _line(document, text, _HEAD, 13, bold=True)
        case Texts():
            _texts(document, block)
        case Facts(rows):
            _facts(document, rows)
        case Grid():
            _grid(document, block)
        case Signs():
            _signs(document, block)
        case Code():
            _code(document, block)
        case _:
            assert_never(block)


def _texts(document: Doc, block: Texts) -> None:
    for text in block.paragraphs:
        _line(document, text, _BODY, _SIZE).paragraph_format.first_line_indent = Pt(2 * _SIZE)


def _facts(document: Doc, rows: tuple[tuple[str, str], ...]) -> None:
    table = _table(document, (_LABEL, _WIDTH - _LABEL))
    for name, value in rows:
        _row(table, (name, value), bold=(True, False))


def _grid(document: Doc, block: Grid) -> None:
    table = _table(document, tuple(_WIDTH * n / sum(block.shares) for n in block.shares))
    _row(table, block.heading, bold=(True,) * len(block.heading))
    for row in block.rows:
        _row(table, row, bold=(False,) * len(row))


def _signs(document: Doc, block: Signs) -> None:
    for name in block.who:
        line = _line(document, f"{name}{SIGNED}", _BODY, _SIZE)
        line.paragraph_format.space_before = Pt(14)


def _code(document: Doc, block: Code) -> None:
    picture = io.BytesIO()
    segno.make(block.text, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    document.add_paragraph().add_run().add_picture(picture, width=Cm(3.6))
    for each in block.said:
        _line(document, each, _BODY, 10.5)


def _table(document: Doc, widths: tuple[float, ...]) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _row(table: Table, values: tuple[str, ...], *, bold: tuple[bool, ...]) -> None:
    cells = table.add_row().cells  # type: ignore[no-untyped-call]  # the library leaves it out
    for cell, column, value, strong in zip(cells, table.columns, values, bold, strict=True):
        cell.width = column.width or Cm(_LABEL)
        _write(cell, value, strong)


def _write(cell: _Cell, value: str, strong: bool) -> None:
    for n, text in enumerate(value.split("\n")):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.add_run(text).bold = strong
        paragraph.paragraph_format.space_after = Pt(2)
