"""Draw docs/architecture.svg from the code's real modules and imports.

    .venv/bin/python docs/tools/architecture.py

Each layer is a band, each module or package in it a box with the number of lines behind it; the
arrows between bands carry the number of imports that cross. A test fails when the picture is stale.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

LAYERS = {
    "portal": "the faces: pages, command line 界面",
    "streams": "the shell: ledger, transport, clocks 外壳",
    "scheduler": "what policy allows, what to plan 规则与排程",
    "schemas": "what things are 词汇",
}
WIDTH, MARGIN, BOX_HEIGHT, GAP, PER_CHAR = 1080, 24, 30, 8, 7.9


@dataclass(frozen=True)
class Box:
    """A module or package of a layer, with the lines of code behind it."""

    name: str
    lines: int

    @property
    def label(self) -> str:
        """What stands in the box."""
        return f"{self.name} {self.lines}"

    @property
    def width(self) -> float:
        """Width in pixels, for a monospaced label."""
        return len(self.label) * PER_CHAR + 16


def boxes(root: Path, layer: str) -> list[Box]:
    """Return the boxes of a layer, sorted by name."""
    found: Counter[str] = Counter()
    for path in sources(root, layer):
        parts = path.relative_to(root / layer).parts
        name = parts[0].removesuffix(".py") if len(parts) == 1 else f"{parts[0]}/"
        if name != "__init__":
            found[name] += sum(1 for _ in path.read_text(encoding="utf-8").splitlines())
    return [Box(name, lines) for name, lines in sorted(found.items())]


def sources(root: Path, layer: str) -> Iterator[Path]:
    """Yield the Python files of a layer, sorted."""
    yield from sorted((root / layer).rglob("*.py"))


def crossings(root: Path) -> Counter[tuple[str, str]]:
    """Count the imports from each layer into each other one."""
    found: Counter[tuple[str, str]] = Counter()
    for layer in LAYERS:
        for path in sources(root, layer):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for target in _targets(node):
                    if target in LAYERS and target != layer:
                        found[layer, target] += 1
    return found


def _targets(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module.partition(".")[0]
    elif isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)


def draw(root: Path) -> str:
    """Return the picture as SVG text."""
    shapes: list[str] = []
    spans: dict[str, Span] = {}
    y = float(MARGIN)
    for layer, says in LAYERS.items():
        spans[layer], band = _band(y, f"{layer}/ {says}", boxes(root, layer))
        shapes += band
        y = spans[layer].bottom + 44
    shapes += _arrows(spans, crossings(root))
    style = (
        "text{font:13px ui-monospace,Menlo,Consolas,'Noto Sans CJK SC',monospace;fill:#1c2430}"
        ".b{fill:#f4f7fb;stroke:#9fb3c8}.m{fill:#fff;stroke:#5b7083}.a{stroke:#b4552d;fill:none}"
        ".t{font-weight:700}.n{fill:#b4552d}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y - 20:.0f}" role="img">'
        f"<title>Layers and modules; imports go downwards only</title><style>{style}</style>"
        f"{''.join(shapes)}</svg>\n"
    )


@dataclass(frozen=True)
class Span:
    """Where a band lies, from top to bottom in pixels."""

    top: float
    bottom: float


def _band(top: float, title: str, content: list[Box]) -> tuple[Span, list[str]]:
    """Return a band and the shapes in it, boxes flowing from left to right."""
    x, y = MARGIN + 12.0, top + 36.0
    inner: list[str] = []
    for box in content:
        if x + box.width > WIDTH - MARGIN - 12:
            x, y = MARGIN + 12.0, y + BOX_HEIGHT + GAP
        inner.append(
            f'<rect class="m" x="{x:.0f}" y="{y:.0f}" width="{box.width:.0f}" '
            f'height="{BOX_HEIGHT}" rx="4"/><text x="{x + 8:.0f}" y="{y + 20:.0f}">'
            f"{escape(box.label)}</text>"
        )
        x += box.width + GAP
    span = Span(top, y + BOX_HEIGHT + 14)
    frame = (
        f'<rect class="b" x="{MARGIN}" y="{top:.0f}" width="{WIDTH - 2 * MARGIN}" '
        f'height="{span.bottom - top:.0f}" rx="8"/><text class="t" x="{MARGIN + 12}" '
        f'y="{top + 23:.0f}">{escape(title)}</text>'
    )
    return span, [frame, *inner]


def _arrows(spans: dict[str, Span], counts: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield an arrow into each band for every layer that imports from it, with the number."""
    order = list(LAYERS)
    for target in order:
        into = [source for source in order if counts[source, target]]
        for place, source in enumerate(into):
            x, end = MARGIN + 40 + place * 190, spans[target].top
            upward = order.index(source) > order.index(target)
            mark = " UPWARD" if upward else ""
            yield (
                f'<path class="a" d="M{x} {end - 36:.0f} V{end - 2:.0f} m-5 -8 l5 8 l5 -8"/>'
                f'<text class="n" x="{x + 9}" y="{end - 16:.0f}">'
                f"{source} {counts[source, target]}{mark}</text>"
            )


def main() -> None:
    """Write the picture beside the text that shows it."""
    root = Path(__file__).resolve().parents[2]
    (root / "docs" / "architecture.svg").write_text(draw(root), encoding="utf-8")
    sys.stdout.write("docs/architecture.svg\n")


if __name__ == "__main__":
    main()
