"""From bytes to what will be decided: parse, tell repetitions apart, keep what is no command.

Three kinds of key stand for "once" here.

- A command's key is (authenticated source, its id). Its payload is type, actor and data as they
  were understood, so another formatting or a new sending time is still the same command.
- Bytes that are no command have no id that could be trusted: their key is their own keyed hash. The
  same broken bytes have their effect once, and the mended message may carry the id it was meant for.
- A known key with another payload is refused under a key made of both, so that this too is
  recorded once.

Ids on the wire hold no ``~``, so the keys made here never meet one that a sender chose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from json import JSONEncoder

from scheduler.identity import derived
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole, CommandMessage
from schemas.events import InputRejected
from schemas.wire import MAX_MESSAGE, BadInput, command_data, read_message
from streams.ports import CommandKey

Fingerprint = Callable[[bytes], str]

INTAKE = Actor(id="intake", role=ActorRole.ADMIN)
"""Who acts when bytes are rejected: what they say about their sender was not to be believed."""

_sorted = JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_OF_A_DEPARTMENT = frozenset({ActorRole.CLERK, ActorRole.HEAD, ActorRole.LEGAL, ActorRole.OFFICER})
_WRONG_WAY = "这类指令不走这个主题 / this kind of command does not come this way"
_NOT_FOR_OTHERS = "该来源只能代表本部门 / this source may act for its own department only"
_FOREIGN = "信封上的来源不是发送方 / the envelope names a source that did not send it"


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as it came; ``source`` is what the transport authenticated.

    ``limit`` is the most bytes that the transport lets this source send, ``types`` are the commands
    that may come this way, and ``of`` is the one department that the source may act for. What is
    not stated is not restricted: whoever hands messages in directly is inside already.
    """

    source: str
    body: bytes
    limit: int = MAX_MESSAGE
    types: frozenset[str] | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Raw):
    """A message on which handling failed as a whole; handed in again it becomes a rejection."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Asked:
    """A well-formed command with its key and the keyed hash of its payload."""

    key: CommandKey
    hash: str
    body: bytes
    message: CommandMessage
    command: Command


@dataclass(frozen=True, slots=True)
class Unfit:
    """An input that will not be decided, and why."""

    key: CommandKey
    hash: str
    body: bytes
    event: InputRejected
    correlation: str

    @property
    def id(self) -> str:
        """The id of the rejection, which names its stream and its sealed bytes."""
        return derived(self.key.source, self.key.id, "rejection")


Item = Asked | Unfit


def read(raw: Raw, fingerprint: Fingerprint) -> Item:
    """Return the command in a message, or why there is none. Never raises for any bytes."""
    item = _read(raw, fingerprint)
    return faulty(item, raw.error, fingerprint) if isinstance(raw, Failed) else item


def _read(raw: Raw, fingerprint: Fingerprint) -> Item:
    try:
        message, command = read_message(raw.body, raw.limit)
        payload = _payload(message, command)
    except BadInput as bad:
        return _broken(raw, fingerprint, bad.reason, bad.detail)
    except Exception as error:  # noqa: BLE001 - whatever bytes can do to a parser ends as a rejection
        return _broken(raw, fingerprint, "unreadable", type(error).__name__)
    trespass = _trespass(raw, message)
    if trespass is not None:
        return _broken(raw, fingerprint, *trespass)
    key = CommandKey(raw.source, message.id)
    return Asked(key, fingerprint(payload), raw.body, message, command)


def _trespass(raw: Raw, message: CommandMessage) -> tuple[str, str] | None:
    """Return why a message goes beyond what its way of coming allows, ``None`` where it does not.

    The envelope's actor is what the sender claims. A department's system may name its own people
    only; it can never speak as the office, a leader, an enterprise or another department.
    """
    if message.source != raw.source:
        return "foreign-source", _FOREIGN
    if raw.types is not None and message.type not in raw.types:
        return "foreign-type", f"{_WRONG_WAY}: {message.type}"
    actor = message.actor
    if raw.of is not None and (actor.of != raw.of or actor.role not in _OF_A_DEPARTMENT):
        return "foreign-actor", f"{_NOT_FOR_OTHERS}: {raw.of}"
    return None


def _payload(message: CommandMessage, command: Command) -> bytes:
    """Return what makes two messages of one key the same command."""
    actor = message.actor.model_dump(mode="json", exclude_defaults=True)
    return _sorted({"actor": actor, "data": command_data(command), "type": message.type}).encode()


def _broken(raw: Raw, fingerprint: Fingerprint, reason: str, detail: str) -> Unfit:
    digest = fingerprint(raw.body)
    key = CommandKey(raw.source, f"bytes~{digest}")
    event = _rejected(reason, detail, digest, raw.body)
    return Unfit(key, digest, raw.body, event, correlation=key.id)


def reused(item: Asked, fingerprint: Fingerprint) -> Unfit:
    """Return the rejection of a command whose key already stands for another payload."""
    key = CommandKey(item.key.source, f"{item.key.id}~{item.hash}")
    detail = f"编号 {item.key.id} 已用于另一指令, 请换新编号 / this id stands for another command"
    event = _rejected("reused-key", detail, fingerprint(item.body), item.body)
    return Unfit(key, item.hash, item.body, event, _correlation(item))


def faulty(item: Item, error: Exception, fingerprint: Fingerprint) -> Unfit:
    """Return the rejection of a command on which the program itself failed."""
    fault = type(error).__name__
    detail = (
        f"程序出错 ({fault}), 原文已留存 / the program failed; the bytes are kept to be sent again"
    )
    event = _rejected("internal-fault", detail, fingerprint(item.body), item.body)
    return Unfit(item.key, item.hash, item.body, event, _correlation(item))


def _correlation(item: Item) -> str:
    if isinstance(item, Unfit):
        return item.correlation
    return item.message.correlationid or item.key.id


def _rejected(reason: str, detail: str, digest: str, body: bytes) -> InputRejected:
    return InputRejected(reason=reason, detail=detail, digest=digest, size=len(body))
