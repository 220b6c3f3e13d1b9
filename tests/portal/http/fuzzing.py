"""Whatever the description allows is asked of the application, with ids that exist mixed in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, CheckFunction, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

Operation = APIOperation[Any, Any, Any, Any]
Asked = Case[Any]

CHECKS: Final[list[CheckFunction]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """Asks an application that lives in a loop, from another thread.

    ``tokens`` are those who ask, ``None`` a stranger; ``known`` are values that exist, by the name of
    a field or parameter.
    """

    loop: asyncio.AbstractEventLoop
    client: httpx.AsyncClient
    tokens: Sequence[str | None]
    known: Mapping[str, Sequence[Any]]

    def ask(self, case: Asked, who: str | None) -> httpx.Response:
        """Send a case as somebody."""
        sent = case.as_transport_kwargs(base_url="http://t")
        headers = {str(name): str(value) for name, value in sent["headers"].items()}
        headers |= {"authorization": f"Bearer {who}"} if who else {}
        body = sent.get("data", b"")
        request = self.client.build_request(
            sent["method"],
            sent["url"],
            params=sent.get("params") or None,
            headers={
                name.encode(): value.encode("utf-8", "replace") for name, value in headers.items()
            },
            **({"json": sent["json"]} if "json" in sent else {"content": body}),
        )
        return asyncio.run_coroutine_threadsafe(self.client.send(request), self.loop).result()

    def hold(self, operation: Operation, mode: GenerationMode, examples: int) -> int:
        """Hold an operation to its description; return how many cases were asked.

        Raises:
            Failure: If an answer contradicts the description, or is a server error.
        """
        asked = 0

        @settings(
            max_examples=examples,
            derandomize=True,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def one(case: Asked, data: st.DataObject) -> None:
            nonlocal asked
            asked += 1
            who = data.draw(st.sampled_from(self.tokens))
            self._meet(case, data.draw)
            answer = self.ask(case, who)
            case.validate_response(answer, checks=CHECKS)

        one()
        return asked

    def _meet(self, case: Asked, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        """Put ids that exist where made up ones would only ever be unknown."""
        for name in case.path_parameters or {}:
            if name in self.known and draw(st.booleans()):
                case.path_parameters[name] = draw(st.sampled_from(self.known[name]))
        if isinstance(case.body, dict):
            case.body = self._met(case.body, draw)

    def _met(self, value: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, list):
            return [self._met(each, draw) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            name: draw(st.sampled_from(self.known[name]))
            if name in self.known and draw(st.booleans())
            else self._met(each, draw)
            for name, each in value.items()
        }


def operations(document: dict[str, Any]) -> list[Operation]:
    """Return the operations of a document, in its order."""
    found = [each for each in from_dict(document).get_all_operations() if isinstance(each, Ok)]
    return [each.ok() for each in found]


def modes(operation: Operation) -> list[GenerationMode]:
    """Return in which ways an operation can be asked: what takes nothing cannot be asked wrongly."""
    takes = operation.body or operation.path_parameters or operation.query or operation.headers
    return [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if takes else [])]
