"""Documents: working calendars, one YAML file each, and policies, one file with the parts that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from portal.importing.encoding import detect
from portal.importing.faults import BadFile, bad_file
from portal.resources import deploy_dir
from scheduler.policies import BadPolicy, joined, parse, parts_of
from schemas.calendars import Calendar
from schemas.faults import explain
from schemas.policy import Policy

LARGEST: Final = 2_000_000
"""Bytes of a document; the largest policy known has a tenth of it."""


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few lines of them could stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("别名不可用 / aliases are refused")
        return super().compose_node(parent, index)


def read_document(path: Path) -> Any:  # noqa: ANN401 - what a document holds is judged by its model
    """Return the data of a YAML document.

    Raises:
        BadFile: If it cannot be read, or is no YAML.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise bad_file(
                f"文件超过 {LARGEST} 字节",
                f"the file is larger than {LARGEST} bytes",
                "请核对文件",
                "check the file",
            )
        encoding = detect(path)
        text = encoding.decode(path.read_bytes()[encoding.mark :])
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader that refuses even more
    except OSError as error:
        raise bad_file(
            f"读不出文件 {path}", f"cannot read {path}: {error.strerror}", "请核对路径", "check it"
        ) from None
    except UnicodeDecodeError:
        raise bad_file("不是文本", "not text", "请用 UTF-8 保存", "save it as UTF-8") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())[:300]
        raise bad_file(
            f"不是合规的 YAML: {said}",
            f"no YAML: {said}",
            "请核对缩进和冒号",
            "check indents, colons",
        ) from None


def read_calendar(path: Path) -> Calendar:
    """Return a working calendar: a file's, else the shipped one of that name (``2026.yaml``).

    Raises:
        BadFile: If the document is none.
    """
    shipped = deploy_dir("calendars") / f"{path.stem}.yaml"
    if not path.exists() and shipped.is_file() and path.parent == Path():
        path = shipped
    try:
        return Calendar.model_validate(read_document(path))
    except ValidationError as error:
        raise _misfit("工作日历", "calendar", [explain(error)]) from None


def read_policy(path: Path) -> Policy:
    """Return one layer of policy.

    Raises:
        BadFile: If the document is none.
    """
    try:
        return parse(path.stem, read_whole(path))
    except BadPolicy as bad:
        raise _misfit("政策规则包", "policy", list(bad.faults)) from None


def read_whole(path: Path) -> Any:  # noqa: ANN401 - as above
    """Return the data of a policy with that of its parts, which lie beside it or ship with the program.

    Raises:
        BadFile: If one of the files cannot be read, or is no YAML.
        BadPolicy: If the parts do not make one document.
    """
    document = read_document(path)
    names = parts_of(path.stem, document)
    parts = {name: read_document(_beside(name, path.parent)) for name in names}
    return joined(path.stem, document, parts)


def read_stack(names: Sequence[str]) -> tuple[Policy, ...]:
    """Return a stack of policies, lowest precedence first, with the layers that they rest on.

    A name is a file, or one of the policies that ship with the program. What a policy extends is
    looked for beside it, then among the shipped ones, and put below it.

    Raises:
        BadFile: If a document is missing or none.
    """
    found: dict[str, Policy] = {}
    for name in names:
        _add(_find(name, Path()), found, ())
    return tuple(found.values())


def shipped_policies() -> Iterator[Path]:
    """List the policies that ship with the program."""
    yield from sorted(deploy_dir("policies").glob("*.yaml"))


def shipped_calendars() -> Iterator[Path]:
    """List the calendars that ship with the program, in order of years."""
    yield from sorted(deploy_dir("calendars").glob("*.yaml"))


def _add(path: Path, found: dict[str, Policy], above: tuple[str, ...]) -> None:
    policy = read_policy(path)
    if policy.policy in found:
        return
    if policy.policy in above:
        chain = " -> ".join((*above, policy.policy))
        raise bad_file(
            f"互相依据: {chain}",
            f"they rest on each other: {chain}",
            "请改 extends",
            "mend extends",
        )
    for base in policy.extends:
        _add(_find(base, path.parent), found, (*above, policy.policy))
    found[policy.policy] = policy


def _find(name: str, beside: Path) -> Path:
    return Path(name) if Path(name).is_file() else _beside(name, beside)


def _beside(name: str, folder: Path) -> Path:
    for place in (folder, deploy_dir("policies")):
        path = place / f"{name}.yaml"
        if path.is_file():
            return path
    known = ", ".join(path.stem for path in shipped_policies())
    raise bad_file(
        f"没有政策文件 {name}",
        f"there is no policy file {name}",
        f"可用: {known}",
        f"at hand: {known}",
    )


def _misfit(zh: str, en: str, faults: list[str]) -> BadFile:
    said = "; ".join(faults)[:1500]
    return bad_file(f"不是合规的{zh}: {said}", f"no {en}: see above", "请逐项更正", "mend each")
