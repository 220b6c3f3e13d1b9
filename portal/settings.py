"""Settings: what differs from one installation to the next, read from ``WURAO_*`` and nowhere else.

Policy numbers are no settings: they stand in policy files, with their sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from streams.bindings import read_bindings

PREFIX: Final = "WURAO_"

_OF_OTHERS: Final = frozenset({"WURAO_REQUIRE_LANES", "WURAO_TEST_DSN"})  # read by the tests only


_DSN_FILE: Final = "WURAO_DSN_FILE"


_ADDRESS: Final = r"^https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?$"


class Lang(StrEnum):
    """In which language people are spoken to: Chinese, English, or Chinese first and then English."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


class Settings(BaseSettings):
    """One installation's settings.

    ``data`` is the folder of everything that must be kept: the embedded database, the keys, the
    files that are handed out. ``dsn`` names a Postgres of your own; without one the embedded server
    runs below ``data``. ``kafka`` is the address of a broker of your own; without one it is the local
    broker that ``wurao up`` starts below ``data``. ``sources`` binds sources of messages to the
    departments that they may act for: ``fire-system=fire,city-platform=*``. ``url`` is the address by
    which people reach the pages: it stands in visit codes, and one with https makes cookies safe;
    ``gate_url`` stands in the codes instead where a gate in another zone answers scans.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Path(".wurao/demo")
    dsn: SecretStr | None = None
    kafka: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.,:_-]+:[0-9]+$")
    domain: str = Field(default="wurao", pattern=r"^[a-z_][a-z0-9_]{0,40}$")
    sources: str = ""
    url: str | None = Field(default=None, pattern=_ADDRESS)
    gate_url: str | None = Field(default=None, pattern=_ADDRESS)
    oidc: Path | None = None
    lang: Lang = Lang.BOTH
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    log_format: Literal["console", "json"] = "console"

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

    @field_validator("oidc")
    @classmethod
    def _reachable(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        if file is not None and info.data.get("url") is None:
            msg = f"须同时设 {PREFIX}URL / needs {PREFIX}URL, the address to which people come back"
            raise ValueError(msg)
        return file

    @property
    def bindings(self) -> dict[str, str]:
        """For which department each source may act."""
        return read_bindings(self.sources)

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


def read_settings(environ: Mapping[str, str], **given: object) -> Settings:
    """Return the settings of an environment; ``given`` (from the command line) goes first.

    A secret may stand in a file: ``WURAO_DSN_FILE`` names the file that holds the DSN.

    Raises:
        BadSettings: If a variable with our prefix is unknown, or a value does not fit.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    ours = {n.upper(): v for n, v in environ.items() if n.upper().startswith(PREFIX)}
    if (file := ours.pop(_DSN_FILE, None)) is not None:
        ours[_DSN_FILE.removesuffix("_FILE")] = _secret(file)
    faults = [_unknown(name, known) for name in sorted(ours.keys() - known - _OF_OTHERS)]
    if faults:
        raise BadSettings(faults)
    values: dict[str, object] = {
        name.removeprefix(PREFIX).lower(): value for name, value in ours.items() if name in known
    }
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings(
            [_misfit(fault["loc"], fault["msg"]) for fault in error.errors()]
        ) from None


def _secret(file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings([f"{_DSN_FILE}: 读不出 {file} / cannot be read: {error}"]) from None


def _unknown(name: str, known: set[str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f", 是否 {close[0]}? / unknown setting, did you mean {close[0]}?" if close else ""
    return f"{name}: 没有这项设置{hint or ' / there is no such setting'}"


def _misfit(place: tuple[int | str, ...], message: str) -> str:
    name = PREFIX + "_".join(map(str, place)).upper()
    return f"{name}: 取值不合规 / {message}"
