"""The one door to the compiler of hot loops: a typed face for Numba.

What is compiled is kept on disk beside the sources, so only the first run on a machine pays for it.
Arithmetic is exact or repeats exactly: no fast-math, no parallel reductions.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function of numbers and arrays on its first call."""
    return cast("Callable[_P, _R]", _kept(numba.njit(cache=True, nogil=True)(function)))


def bare(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function that makes no array, called often from compiled code.

    It keeps no count of who refers to its arrays: that is a locked instruction for each of them at
    each call and each reading out of a tuple, five to ten times what a small function costs.
    """
    return _without_counts(function)


def inlined(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a `bare` function into each of its callers.

    A table handed to a function is handed over as some seven numbers an array: a board as more
    than a hundred, which costs more than what most moves do.
    """
    return _without_counts(function, forceinline=True)


def _without_counts(function: Callable[_P, _R], **more: bool) -> Callable[_P, _R]:
    options = {"cache": True, "nogil": True, "_nrt": False, **more}  # not all in numba's types
    return cast("Callable[_P, _R]", _kept(numba.njit(**options)(function)))  # type: ignore[call-overload]


def _kept(dispatcher: Any) -> Any:  # noqa: ANN401 - numba's types do not say what it is
    """Let what was compiled count only for the sources as they are.

    Numba asks whether the function's own file changed. What it calls is compiled into it, so a
    change in another file would leave the old callee in force.
    """
    dispatcher._cache._cache_file._source_stamp = _sources()  # noqa: SLF001 - there is no public way
    return dispatcher


@cache
def _sources() -> str:
    """Return a digest of all sources that may be compiled into one another."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        source = path.read_bytes()
        if b"scheduler.compiled" in source:
            digest.update(source)
    return digest.hexdigest()
