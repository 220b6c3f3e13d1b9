"""What is built and what is locked."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("portal", "scheduler", "schemas", "streams")
ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==\S+")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_holds_four_packages_and_the_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops <= {*PACKAGES, "wurao_deploy"}
    for package in PACKAGES:
        assert f"{package}/py.typed" in names


def test_the_wheel_finds_its_data(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    # A folder with nothing in it is not packed; which ones have something is not the point here.
    (tmp_path / "wurao_deploy" / "policies").mkdir(parents=True, exist_ok=True)
    program = "from portal.resources import deploy_dir; print(deploy_dir('policies'))"
    # -S -E: only the unpacked wheel is on the path, not this checkout.
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}"
    found = subprocess.run(
        [sys.executable, "-S", "-E", "-c", start],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    assert Path(found) == tmp_path / "wurao_deploy" / "policies"


def test_an_editable_install_leaves_the_checkout_off_the_path(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import portal; print(portal.__file__); import tests.lanes"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == str(ROOT / "portal" / "__init__.py")
    assert "No module named 'tests" in found.stderr


def test_the_lock_holds_every_direct_dependency_with_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", text.partition("\n")[2])
    locked = {match["name"] for entry in entries if (match := ENTRY.match(entry))}
    assert all("--hash=sha256:" in entry for entry in entries)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[^A-Za-z0-9_.-]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names <= locked


def test_the_lock_names_no_host_and_no_place() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    shape = re.compile(r"^(?:[a-z0-9-]+==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$")
    assert [line for line in lines if not shape.match(line)] == []
