"""Settings: read once, refused with one clear error, silent about secrets."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from app.settings import KEY_NAMES, Settings, SettingsError, check_bind

TOKEN = "a-long-token-of-letters-and-123"


def test_an_empty_environment_gives_a_server_for_this_computer_only() -> None:
    settings = Settings.from_environment({"LONGTAKE_COMPARE_PORT": " ", "GEMINI_API_KEY": ""})
    assert (settings.host, settings.port, settings.token) == ("127.0.0.1", 8000, None)
    assert settings.max_upload_bytes == 2_000_000_000
    assert settings.free_disk_floor_bytes == 1_000_000_000
    assert settings.keys_present == ()
    check_bind(settings)


def test_in_a_checkout_the_data_lie_in_the_backend_folder() -> None:
    assert Settings.from_environment({}).data_dir == Path(__file__).resolve().parents[1]


def test_an_installed_package_writes_to_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("app.settings._CHECKOUT", tmp_path / "site-packages")
    assert Settings.from_environment({}).data_dir == Path.home() / ".longtake-compare"


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "LONGTAKE_COMPARE_DATA": str(tmp_path),
            "LONGTAKE_COMPARE_HOST": "0.0.0.0",
            "LONGTAKE_COMPARE_PORT": "0",
            "LONGTAKE_COMPARE_TOKEN": TOKEN,
            "LONGTAKE_COMPARE_ALLOWED_HOSTS": "Compare.LAN, [fd00::1]:8443 ,",
            "LONGTAKE_COMPARE_MAX_UPLOAD_BYTES": "5",
            "LONGTAKE_COMPARE_FREE_DISK_FLOOR_BYTES": "6",
            "LONGTAKE_COMPARE_DEMO_STREAM_SECONDS": "0.5",
            "LONGTAKE_COMPARE_DAY_CAP_USD": "2.50",
            "LONGTAKE_COMPARE_UNKNOWN_PRICES": "allow",
            "OPENAI_API_KEY": "sk-something",
        }
    )
    assert settings == Settings(
        data_dir=tmp_path,
        host="0.0.0.0",
        port=0,
        token=TOKEN,
        allowed_hosts=("compare.lan", "[fd00::1]:8443"),
        max_upload_bytes=5,
        free_disk_floor_bytes=6,
        demo_stream_seconds=0.5,
        day_cap_usd=2.5,
        allow_unknown_prices=True,
        keys_present=("OPENAI_API_KEY",),
    )


def test_secrets_are_not_in_its_repr() -> None:
    settings = Settings.from_environment({"LONGTAKE_COMPARE_TOKEN": TOKEN, "GEMINI_API_KEY": "AIza-canary"})
    assert TOKEN not in repr(settings)
    assert "AIza-canary" not in repr(settings)
    assert "GEMINI_API_KEY" in repr(settings)


def test_the_computer_is_kept_awake_unless_told_otherwise() -> None:
    assert Settings.from_environment({}).keep_awake
    assert not Settings.from_environment({"LONGTAKE_COMPARE_KEEP_AWAKE": "no"}).keep_awake


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings.from_environment({}).port = 1  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("TOKEN", "short"),
        ("TOKEN", "with spaces in the middle"),
        ("TOKEN", "schlüssel-schlüssel"),
        ("ALLOWED_HOSTS", "http://compare.lan"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "compare.lan:0"),
        ("MAX_UPLOAD_BYTES", "2 GB"),
        ("MAX_UPLOAD_BYTES", "0"),
        ("FREE_DISK_FLOOR_BYTES", "-5"),
        ("KEEP_AWAKE", "maybe"),
        ("MAX_WAITING_JOBS", "0"),
        ("DEMO_STREAM_SECONDS", "nan"),
        ("DEMO_STREAM_SECONDS", "soon"),
        ("DEMO_STREAM_SECONDS", "-1"),
        ("DAY_CAP_USD", "-1"),
        ("DAY_CAP_USD", "$5"),
        ("DAY_CAP_USD", "inf"),
        ("UNKNOWN_PRICES", "yes"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^LONGTAKE_COMPARE_{name} ") as caught:
        Settings.from_environment({f"LONGTAKE_COMPARE_{name}": value})
    if name == "TOKEN":
        assert value not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_addresses_of_this_computer_need_no_token(host: str) -> None:
    check_bind(Settings(data_dir=Path(), host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "compare.lan", "localhost.evil.example", "*"])
def test_any_other_address_needs_a_token_and_allowed_hosts(host: str) -> None:
    bare = Settings(data_dir=Path(), host=host)
    with pytest.raises(SettingsError, match=r"LONGTAKE_COMPARE_TOKEN and LONGTAKE_COMPARE_ALLOWED_HOSTS must be set"):
        check_bind(bare)
    with pytest.raises(SettingsError, match="so LONGTAKE_COMPARE_ALLOWED_HOSTS must be set"):
        check_bind(replace(bare, token=TOKEN))
    with pytest.raises(SettingsError, match="so LONGTAKE_COMPARE_TOKEN must be set"):
        check_bind(replace(bare, allowed_hosts=("compare.lan",)))
    check_bind(replace(bare, token=TOKEN, allowed_hosts=("compare.lan",)))


def test_every_setting_is_described() -> None:
    root = Path(__file__).resolve().parents[2]
    source = (root / "backend" / "app" / "settings.py").read_text()
    page = (root / "docs" / "how-to" / "settings.md").read_text()
    read = {f"LONGTAKE_COMPARE_{name}" for name in re.findall(r'read\("([A-Z_]+)"', source)}
    assert len(read) > 10
    assert read == set(re.findall(r"LONGTAKE_COMPARE_[A-Z_]+", page))
    assert set(KEY_NAMES) <= set(re.findall(r"[A-Z_]+_API_KEY", page))
