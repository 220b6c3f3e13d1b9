"""密钥: the key rings of an installation, as the ledger names them. The keys themselves never enter it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints


class Ring(StrEnum):
    """What the keys of a ring are for: personal data, codes and tokens, or checkpoints."""

    VAULT = "vault"
    CREDENTIALS = "credentials"
    SEALING = "sealing"


KeyNumber = Annotated[int, Field(ge=1, le=255)]
"""A key's place on its ring: the first is 1, the highest makes what is new."""

KeyPrint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""By which a key is known again without being shown."""
