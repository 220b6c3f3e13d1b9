"""The one door to the compiler of hot loops: a typed face for Numba.

What is compiled is kept on disk beside the sources, so only the first run on a machine pays for it.
Arithmetic is exact or repeats exactly: no fast-math, no parallel reductions.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function of numbers and arrays on its first call."""
    return cast("Callable[_P, _R]", numba.njit(cache=True, nogil=True)(function))
