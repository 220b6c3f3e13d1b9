"""Tell whether a server answers: python answers.py URL. For health checks inside a container.

Ends with 0 when it answers with anything below 500, with 1 otherwise. The standard library is enough.
"""

from __future__ import annotations

import sys
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

PATIENCE = 4.0  # seconds


def answers(url: str) -> bool:
    """Ask once."""
    try:
        with urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - an address of this container
            return int(answer.status) < 500  # noqa: PLR2004 - the range of a server's own faults
    except HTTPError as refused:
        return refused.code < 500  # noqa: PLR2004 - the same
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
