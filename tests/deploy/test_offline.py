"""Units and scripts of an installation without a network; `make offline-test` runs them for real."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from deploy.check import scripts, units
from portal.settings import read_settings
from tests.deploy.commands import parse

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = ROOT / "deploy" / "offline"
SERVICES = sorted((OFFLINE / "systemd").glob("*.service"))


def read(unit: Path) -> ConfigParser:
    found = ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    found.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their capitals
    found.read_string(unit.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_unit_starts_a_command_of_ours_with_few_rights(unit: Path) -> None:
    service = read(unit)["Service"]
    words = shlex.split(service["ExecStart"].replace("%H-%i", "here-1"))
    assert words[0] == "/opt/wurao/current/bin/wurao"
    parse(["wurao", *words[1:]])
    assert service["User"] == "wurao"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_every_line_of_the_settings_may_be_put_in_force(tmp_path: Path) -> None:
    text = (OFFLINE / "wurao.env").read_text(encoding="utf-8")
    lines = re.findall(r"^#?(WURAO_[A-Z_]+)=(.*)$", text, re.MULTILINE)
    secret = tmp_path / "dsn"
    secret.write_text("postgresql://db/wurao")
    environ = {name: str(secret) if name.endswith("_FILE") else value for name, value in lines}
    assert read_settings(environ).origin("dsn") == "WURAO_DSN_FILE"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_accepts_the_units() -> None:
    (found,) = units.check(ROOT)
    assert found.faults == []
    assert len(units.units(ROOT)) > len(SERVICES) > 5


def test_shellcheck_accepts_the_scripts() -> None:
    (found,) = scripts.check(ROOT)
    assert (found.faults, found.skipped) == ([], "")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "VERSION").write_text("1\n")
    (folder / "wheels" / "a file.whl").write_text("wheel")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n"
        for path in files
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def checked(bundle: Path) -> subprocess.CompletedProcess[str]:
    script = f'set -euo pipefail; source {OFFLINE}/steps.sh; check_bundle "$1"'
    return subprocess.run(
        ["bash", "-c", script, "bash", str(bundle)], capture_output=True, text=True, check=False
    )


def test_a_whole_bundle_is_taken(bundle: Path) -> None:
    assert (checked(bundle).returncode, "2 files" in checked(bundle).stdout) == (0, True)


def test_a_changed_bundle_is_refused(bundle: Path) -> None:
    (bundle / "VERSION").write_text("2\n")
    assert checked(bundle).returncode == 1


def test_a_missing_file_is_noticed(bundle: Path) -> None:
    (bundle / "VERSION").unlink()
    assert checked(bundle).returncode == 1


def test_a_file_that_does_not_belong_is_refused(bundle: Path) -> None:
    (bundle / "wheels" / "b.whl").write_text("stranger")
    done = checked(bundle)
    assert (done.returncode, "b.whl" in done.stderr) == (1, True)


def installing(readme: str) -> list[str]:
    """Return the commands that a README shows for the machine without a network."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    block = re.search(r"^    sha256sum -c wurao-.*?(?=^$)", text, re.MULTILINE | re.DOTALL)
    assert block
    return [re.sub(r"\s+#.*", "", line).strip() for line in block[0].splitlines()]


def test_both_readmes_show_the_same_installation_of_this_version() -> None:
    """Tests what make offline-test runs: its commands are the README's."""
    shown = installing("README.md")
    assert shown == installing("README.zh-CN.md")
    assert "sudo ./install.sh" in shown
    version = re.search(
        r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert version
    assert shown[0] == f"sha256sum -c wurao-{version[1]}-amd64.tar.sha256"


@pytest.mark.skipif(Path("/etc/wurao/wurao.env").exists(), reason="installed here")
def test_the_command_says_what_is_missing_where_it_may_not_read_the_settings() -> None:
    done = subprocess.run(
        [OFFLINE / "wurao", "doctor"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "sudo wurao doctor" in done.stderr) == (77, True)
