"""The data that ship with the program are found in a checkout and in a wheel."""

from pathlib import Path

import pytest

from portal.resources import DeployName, ResourceMissingError, deploy_dir

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["policies", "calendars", "demo"])
def test_a_checkout_keeps_them_in_deploy(name: DeployName) -> None:
    assert deploy_dir(name) == ROOT / "deploy" / name


def test_a_wheel_keeps_them_beside_the_packages(tmp_path: Path) -> None:
    (tmp_path / "wurao_deploy" / "policies").mkdir(parents=True)
    assert deploy_dir("policies", beside=tmp_path) == tmp_path / "wurao_deploy" / "policies"


def test_a_strangers_deploy_folder_does_not_win(tmp_path: Path) -> None:
    for top in ("deploy", "wurao_deploy"):
        (tmp_path / top / "demo").mkdir(parents=True)
    assert deploy_dir("demo", beside=tmp_path) == tmp_path / "wurao_deploy" / "demo"


def test_a_broken_installation_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ResourceMissingError, match=r"'calendars'.*wurao_deploy.*deploy"):
        deploy_dir("calendars", beside=tmp_path)
