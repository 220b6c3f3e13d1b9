from pathlib import Path

import pytest

from portal.settings import BadSettings, Lang, Settings, is_secret, read_settings


def test_defaults_need_no_environment() -> None:
    found = read_settings({})
    assert (found.data, found.dsn, found.lang) == (Path(".wurao/demo"), None, Lang.BOTH)


def test_what_is_given_goes_before_the_environment() -> None:
    environ = {"WURAO_DATA": "/a", "WURAO_LANG": "zh", "PATH": "/bin"}
    found = read_settings(environ, data=Path("/b"), lang=None)
    assert (found.data, found.lang) == (Path("/b"), Lang.ZH)


@pytest.mark.parametrize(
    ("name", "hint"), [("WURAO_DNS", "WURAO_DSN"), ("WURAO_LOG_LEVELS", "WURAO_LOG_LEVEL")]
)
def test_an_unknown_setting_is_an_error_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(BadSettings, match=hint):
        read_settings({name: "x"})


def test_a_value_that_does_not_fit_names_its_variable() -> None:
    with pytest.raises(BadSettings, match="WURAO_LOG_FORMAT"):
        read_settings({"WURAO_LOG_FORMAT": "xml"})


def test_the_dsn_may_stand_in_a_file_and_is_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "dsn"
    file.write_text("postgresql://me:secret@host/db\n")
    found = read_settings({"WURAO_DSN_FILE": str(file)})
    assert found.dsn is not None
    assert found.dsn.get_secret_value() == "postgresql://me:secret@host/db"
    assert "me:secret" not in repr(found)
    with pytest.raises(BadSettings, match="WURAO_DSN_FILE"):
        read_settings({"WURAO_DSN_FILE": str(tmp_path / "missing")})
    with pytest.raises(BadSettings, match="WURAO_DSN_FILE"):
        read_settings({"WURAO_DSN_FILE": str(file), "WURAO_DSN": "postgresql://other"})


def test_every_secret_may_stand_in_a_file_and_nothing_else_may() -> None:
    assert is_secret("dsn")
    with pytest.raises(BadSettings, match="WURAO_DOMAIN_FILE"):
        read_settings({"WURAO_DOMAIN_FILE": "x"})


def test_empty_is_not_set() -> None:
    found = read_settings({"WURAO_KAFKA": "", "WURAO_DSN": ""})
    assert (found.kafka, found.dsn, found.origin("kafka")) == (None, None, "default")


def test_every_value_knows_where_it_came_from(tmp_path: Path) -> None:
    file = tmp_path / "dsn"
    file.write_text("postgresql://host/db")
    environ = {"WURAO_DSN_FILE": str(file), "wurao_domain": "city", "WURAO_LANG": "zh"}
    found = read_settings(environ, lang=Lang.EN)
    origins = {name: found.origin(name) for name in ("dsn", "domain", "lang", "url")}
    assert origins == {
        "dsn": "WURAO_DSN_FILE",
        "domain": "WURAO_DOMAIN",
        "lang": "--lang",
        "url": "default",
    }


def test_every_setting_is_described_in_both_languages() -> None:
    said = {name: field.description or "" for name, field in Settings.model_fields.items()}
    assert [name for name, text in said.items() if " / " not in text] == []


def test_the_variable_of_the_tests_is_left_alone() -> None:
    read_settings({"WURAO_REQUIRE_LANES": "postgres", "WURAO_TEST_DSN": "postgresql://x"})


def test_a_provider_of_logins_needs_an_address_to_come_back_to() -> None:
    with pytest.raises(BadSettings, match=r"WURAO_OIDC.*WURAO_URL"):
        read_settings({"WURAO_OIDC": "oidc.yaml"})
    environ = {"WURAO_OIDC": "oidc.yaml", "WURAO_URL": "https://wurao.example.gov.cn"}
    assert read_settings(environ).oidc == Path("oidc.yaml")


def test_what_is_posted_must_be_signed() -> None:
    url = {"WURAO_NOTIFY_URL": "https://sms.example.gov.cn/in"}
    with pytest.raises(BadSettings, match=r"WURAO_NOTIFY_URL.*WURAO_NOTIFY_SECRET"):
        read_settings(url)
    with pytest.raises(BadSettings, match=r"WURAO_NOTIFY_SECRET.*whsec_"):
        read_settings({**url, "WURAO_NOTIFY_SECRET": "hush"})
    found = read_settings({**url, "WURAO_NOTIFY_SECRET": "whsec_" + "A" * 40})
    assert found.notify_url == url["WURAO_NOTIFY_URL"]
