"""Settings: what differs from one installation to the next, read from ``WURAO_*`` and nowhere else.

Policy numbers are no settings: they stand in policy files, with their sources.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import time
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Literal, Self, get_args

from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from streams.bindings import read_bindings
from streams.webhook_keys import key_of

PREFIX: Final = "WURAO_"

_OF_OTHERS: Final = frozenset({"WURAO_REQUIRE_LANES", "WURAO_TEST_DSN"})  # read by the tests only


_FILE: Final = "_FILE"
"""What is added to a secret's variable to name the file that holds it."""

_HOURS: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9](,([01][0-9]|2[0-3]):[0-5][0-9]){0,5}$"
_ADDRESS: Final = r"^https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?$"


class Lang(StrEnum):
    """In which language people are spoken to: Chinese, English, or Chinese first and then English."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


class Settings(BaseSettings):
    """One installation's settings. Each says in its description, in both languages, what it does.

    The descriptions are what ``wurao config show`` and docs/reference/configuration.md tell people.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Field(
        default=Path(".wurao/demo"),
        description="数据目录: 内嵌数据库、密钥、发件箱 / "
        "folder of all that must be kept: the embedded database, the keys, the outbox",
    )
    dsn: SecretStr | None = Field(
        default=None,
        description="自有 Postgres 15 以上的连接串, 不设则用内嵌的 / "
        "a Postgres of your own (15 or newer); without one the embedded server runs below `data`",
    )
    migration_dsn: SecretStr | None = Field(
        default=None,
        description="表的所有者的连接串, 仅用于建表和升级; dsn 则用无权改表的账号 / "
        "by which the tables are made and brought up to date, where `dsn` is a role that may not",
    )
    kafka: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.,:_-]+:[0-9]+$",
        description="自有 Kafka 的地址, 不设则用 wurao up 启动的 / "
        "a broker of your own; without one it is the local one that `wurao up` starts below `data`",
    )
    kafka_user: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
        description="自有 Kafka 的账号 (SCRAM-SHA-512, 经 TLS), 须同时设密码和 CA / "
        "the name by which that broker lets us in (SCRAM-SHA-512 over TLS); needs the next two",
    )
    kafka_password: SecretStr | None = Field(
        default=None, description="该账号的密码 / the password to that name"
    )
    kafka_ca: Path | None = Field(
        default=None,
        description="签发该 Kafka 证书的 CA (PEM 文件) / "
        "file of the authority that vouches for that broker (PEM)",
    )
    kafka_operator_password: SecretStr | None = Field(
        default=None,
        description="其管理账号 operator 的密码, 仅供 wurao up 授权时用 / "
        "the password of that broker's user `operator`, by which `wurao up` gives the others their rights; "
        "no other process needs it",
    )
    domain: str = Field(
        default="wurao",
        pattern=r"^[a-z_][a-z0-9_]{0,40}$",
        description="排程地区: 数据库的模式名和主题名的前缀 / "
        "the planning domain: the schema in the database and the first part of every topic's name",
    )
    sources: str = Field(
        default="",
        description="各来源系统代表哪个部门 / "
        "for which department each source on Kafka may act, `fire-system=fire,platform=*`; "
        "a source that is not named acts for the department of its own name",
    )
    url: str | None = Field(
        default=None,
        pattern=_ADDRESS,
        description="人们访问页面的网址, 印在入企码里 / "
        "the address by which people reach the pages; it stands in visit codes, "
        "and with https cookies travel encrypted only",
    )
    gate_url: str | None = Field(
        default=None,
        pattern=_ADDRESS,
        description="外网入企门的网址, 代替上一项印在入企码里 / "
        "where a gate in another zone answers scans: it stands in the QR codes instead",
    )
    metrics_from: str = Field(
        default="",
        description="除本机外, 哪些网段可直接读 /metrics / "
        "from which networks `/metrics` of the pages may be read besides this machine, directly and "
        "not through a gateway: `10.1.0.0/16,fd00::/8`",
    )
    notify_secret: SecretStr | None = Field(
        default=None,
        description="通知签名的密钥, whsec_ 加 base64 / "
        "what notifications are signed with: `whsec_` and base64 (Standard Webhooks)",
    )
    notify_url: str | None = Field(
        default=None,
        pattern=_ADDRESS,
        description="通知送往何处 (短信网关、政务即时通讯), 不设则写入文件 / "
        "where notifications are posted (an SMS gateway, a chat); without it they go into a file",
    )
    oidc: Path | None = Field(
        default=None,
        description="统一身份认证的配置文件, 须同时设 URL / "
        "file that describes a provider of logins; needs the address of the pages too",
    )
    digest: str = Field(
        default="08:30",
        pattern=_HOURS,
        description="每天几点给领导发提级审批摘要, 可写几个 / "
        "when a leader is told of escalations in one digest, `08:30` or `08:30,14:30`; "
        "what cannot wait is told at once",
    )
    lang: Lang = Field(
        default=Lang.BOTH,
        description="命令行的语言 / the language of the command line",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="日志级别 / the least level that is logged"
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="日志格式 / how log lines look"
    )

    # Where each value came from; for people only.
    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    @classmethod
    def settings_customise_sources(  # noqa: D102 - overrides a hook of the library
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment is an argument of read_settings, which also refuses what it does not know.
        return (init_settings,)

    @field_validator("sources")
    @classmethod
    def _readable(cls, text: str) -> str:
        read_bindings(text)
        return text

    @field_validator("metrics_from")
    @classmethod
    def _networks(cls, text: str) -> str:
        for each in filter(None, map(str.strip, text.split(","))):
            ip_network(each)
        return text

    @model_validator(mode="after")
    def _secured(self) -> Self:
        given = [self.kafka_user, self.kafka_password, self.kafka_ca]
        if any([*given, self.kafka_operator_password]) and not (all(given) and self.kafka):
            msg = (
                f"{PREFIX}KAFKA, KAFKA_USER, KAFKA_PASSWORD, KAFKA_CA 须一并设置 / "
                "are set together or not at all"
            )
            raise ValueError(msg)
        return self

    @field_validator("oidc")
    @classmethod
    def _reachable(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        if file is not None and info.data.get("url") is None:
            msg = f"须同时设 {PREFIX}URL / needs {PREFIX}URL, the address to which people come back"
            raise ValueError(msg)
        return file

    def origin(self, name: str) -> str:
        """Return where a setting's value came from: a variable, the command line, or ``default``."""
        return self._origins.get(name, "default")

    @field_validator("notify_secret")
    @classmethod
    def _whole(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None:
            key_of(secret.get_secret_value())
        return secret

    @field_validator("notify_url")
    @classmethod
    def _signed(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is not None and info.data.get("notify_secret") is None:
            msg = f"须同时设 {PREFIX}NOTIFY_SECRET / needs {PREFIX}NOTIFY_SECRET to sign with"
            raise ValueError(msg)
        return url

    @property
    def bindings(self) -> dict[str, str]:
        """For which department each source may act."""
        return read_bindings(self.sources)

    @property
    def digest_hours(self) -> tuple[time, ...]:
        """At which hours, in China's time, a digest of escalations goes out."""
        return tuple(map(time.fromisoformat, self.digest.split(",")))

    @property
    def keys(self) -> Path:
        """The folder of the keys. It is backed up apart from everything else."""
        return self.data / "keys"

    @property
    def postgres(self) -> Path:
        """The folder of the embedded server."""
        return self.data / "postgres"

    @property
    def broker(self) -> Path:
        """The folder of the local broker."""
        return self.data / "kafka"

    @property
    def security(self) -> Path:
        """The folder of the security log, apart from all else."""
        return self.data / "security"

    @property
    def outbox(self) -> Path:
        """The folder into which notifications are delivered as files."""
        return self.data / "outbox"


class BadSettings(ValueError):  # noqa: N818 - it names what the caller set
    """The environment does not fit; ``faults`` says which variable and what is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def variable(name: str) -> str:
    """Return the variable of a setting."""
    return PREFIX + name.upper()


def is_secret(name: str) -> bool:
    """Tell whether a setting is secret: never printed, and its variable may name a file instead."""
    annotation = Settings.model_fields[name].annotation
    return SecretStr in (annotation, *get_args(annotation))


def read_settings(environ: Mapping[str, str], **given: object) -> Settings:
    """Return the settings of an environment; ``given`` (from the command line) goes first.

    A secret may stand in a file: ``WURAO_DSN_FILE`` names the file that holds the DSN.

    Raises:
        BadSettings: If a variable with our prefix is unknown, given twice, or does not fit.
    """
    names = {variable(name): name for name in Settings.model_fields}
    files = {variable(name) + _FILE: name for name in Settings.model_fields if is_secret(name)}
    # Empty is not set: containers hand over empty variables for what nobody filled in.
    ours = {n.upper(): v for n, v in environ.items() if v and n.upper().startswith(PREFIX)}
    known = names.keys() | files.keys()
    faults = [_unknown(name, known) for name in sorted(ours.keys() - known - _OF_OTHERS)]
    faults += [_twice(file) for file in sorted(ours.keys() & files.keys()) if _plain(file) in ours]
    if faults:
        raise BadSettings(faults)
    values: dict[str, object] = {names[n]: value for n, value in ours.items() if n in names}
    values |= {files[n]: _secret(n, path) for n, path in ours.items() if n in files}
    values |= {name: value for name, value in given.items() if value is not None}
    origins = {names[n]: n for n in ours.keys() & names.keys()}
    origins |= {files[n]: n for n in ours.keys() & files.keys()}
    origins |= {name: f"--{name}" for name, value in given.items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings(
            [_misfit(fault["loc"], fault["msg"]) for fault in error.errors()]
        ) from None
    settings._origins.update(origins)  # noqa: SLF001 - its own module; nobody else may set them
    return settings


def _plain(file: str) -> str:
    return file.removesuffix(_FILE)


def _twice(file: str) -> str:
    return f"{file}: 与 {_plain(file)} 只能设一个 / set either this or {_plain(file)}"


def _secret(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings([f"{name}: 读不出 {file} / cannot be read: {error}"]) from None


def _unknown(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f", 是否 {close[0]}? / unknown setting, did you mean {close[0]}?" if close else ""
    return f"{name}: 没有这项设置{hint or ' / there is no such setting'}"


def _misfit(place: tuple[int | str, ...], message: str) -> str:
    name = PREFIX + "_".join(map(str, place)).upper()
    return f"{name}: 取值不合规 / {message}"
