"""Write docs/reference/openapi.json, the description of the interface for programs, from the code.

    .venv/bin/python docs/tools/openapi.py

A test fails where the two differ.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from portal.http.app import described
from portal.http.describe import text

FILE: Final = Path(__file__).resolve().parents[1] / "reference" / "openapi.json"


if __name__ == "__main__":
    FILE.write_text(text(described()), encoding="utf-8")
