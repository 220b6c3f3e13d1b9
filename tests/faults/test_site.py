"""The site: whose process a number is."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any, cast

from tests.faults.site import Nursery


async def test_a_number_that_was_somebody_elses_is_the_new_process() -> None:
    said = asyncio.StreamReader()
    for line in ({"started": 7}, {"ended": 7, "code": 0, "cpu": 1.5}, {"started": 7}):
        said.feed_data(f"{json.dumps(line)}\n".encode())
    said.feed_eof()
    nursery = Nursery(cast("Any", SimpleNamespace(stdout=said)))
    await nursery._read()
    assert nursery.codes == {}
    assert nursery.cpu == 1.5
