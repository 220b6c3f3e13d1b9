"""Bring the pages' English catalogue up to date: read all texts, keep what is translated, compile.

    .venv/bin/python docs/tools/catalogue.py

Chinese is what templates and code say, so it needs no catalogue. A test fails where a text has no
translation, where a translation has no text, and where the compiled file is stale.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PAGES = Path(__file__).resolve().parents[2] / "portal" / "pages"
PO = PAGES / "locale" / "en" / "LC_MESSAGES" / "pages.po"
METHODS = [("**.py", "python"), ("templates/**.j2", "jinja2")]
DAWN = datetime(2026, 1, 1, tzinfo=UTC)  # files must not change with the day they are written
KEYWORDS = {"marked": None, "_": None, "gettext": None}


def texts() -> Iterator[str]:
    """Yield every text of the pages, in order of files."""
    options = {"templates/**.j2": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    found = extract_from_dir(
        PAGES, method_map=METHODS, options_map=options, keywords=KEYWORDS, strip_comment_tags=True
    )
    for _, _, message, _, _ in sorted(found, key=lambda each: (each[0], each[1])):
        if isinstance(message, str):
            yield message


def known() -> Catalog:
    """Return the catalogue as it stands in the file."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def updated() -> Catalog:
    """Return the catalogue with the texts of today; what nobody says any more is gone."""
    old = known() if PO.exists() else Catalog(locale="en")
    new = Catalog(locale="en", project="wurao", fuzzy=False, creation_date=DAWN, revision_date=DAWN)
    for text in dict.fromkeys(texts()):
        message = old.get(text)
        new.add(text, message.string if message else "")
    return new


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as programs read it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> int:
    """Write both files; tell what is not translated yet."""
    catalogue = updated()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=100)
    PO.with_suffix(".mo").write_bytes(compiled(known()))
    missing = [message.id for message in catalogue if message.id and not message.string]
    sys.stdout.write("".join(f"{text}\n" for text in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
