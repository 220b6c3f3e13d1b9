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


def bare(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function that makes no array, called often from compiled code.

    It keeps no count of who refers to its arrays: that is a locked instruction for each of them at
    each call and each reading out of a tuple, five to ten times what a small function costs.
    """
    options = {"cache": True, "nogil": True, "_nrt": False}  # the last one is not in numba's types
    return cast("Callable[_P, _R]", numba.njit(**options)(function))  # type: ignore[call-overload]
