"""A plugin for a run of tests on one changed line: the changed module stands in for the real one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


class _Changed(SourceFileLoader):
    """Loads a module with one line replaced, from its source and never from what is kept of it."""

    def __init__(self, name: str, path: str, line: str, instead: str) -> None:
        super().__init__(name, path)
        self._line, self._instead = line, instead

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_source(fullname) or ""
        if source.count(self._line) != 1:
            msg = f"the line occurs {source.count(self._line)} times, the mutant is out of date"
            raise ImportError(msg)
        return compile(source.replace(self._line, self._instead), self.path, "exec")


class _Finder:
    """Finds the one module that is changed."""

    def __init__(self, name: str, line: str, instead: str) -> None:
        self._name, self._line, self._instead = name, line, instead

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == self._name else None
        if spec is not None and spec.origin is not None:
            spec.loader = _Changed(name, spec.origin, self._line, self._instead)
        return spec


sys.meta_path.insert(
    0, _Finder(*(os.environ[f"MUTANT_{part}"] for part in ("MODULE", "LINE", "INSTEAD")))
)
