"""What the person who starts the server decides, read from the environment once."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.models.limits.limit import Limit, parse_limits
from app.models.openai_compatible.endpoint import Endpoint, parse_endpoints

KEY_NAMES = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY")
"""Environment variables that hold a provider's key."""

_CHECKOUT = Path(__file__).resolve().parents[1]
_SHORTEST_TOKEN = 16
_HIGHEST_PORT = 65535
_HOST = re.compile(r"(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::[1-9][0-9]{0,4})?")
_TOKEN = re.compile(r"[!-~]+")
_Value = TypeVar("_Value")


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and says what it should be."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of the server and its worker; secrets stay out of its `repr`."""

    data_dir: Path
    """Holds jobs/ and uploads/; LONGTAKE_COMPARE_DATA."""
    host: str = "127.0.0.1"
    """The address to bind; LONGTAKE_COMPARE_HOST."""
    port: int = 8000
    """0 lets the system choose; LONGTAKE_COMPARE_PORT."""
    token: str | None = field(default=None, repr=False)
    """What every request must bring; None asks for nothing; LONGTAKE_COMPARE_TOKEN."""
    allowed_hosts: tuple[str, ...] = ()
    """Names, besides those of this computer, under which it may be called: `name` or `name:port`, lower case;
    LONGTAKE_COMPARE_ALLOWED_HOSTS, separated by commas."""
    max_upload_bytes: int = 2_000_000_000
    """Size of the largest video; LONGTAKE_COMPARE_MAX_UPLOAD_BYTES."""
    free_disk_floor_bytes: int = 1_000_000_000
    """Uploads stop when less than this would stay free; LONGTAKE_COMPARE_FREE_DISK_FLOOR_BYTES."""
    max_waiting_jobs: int = 10_000
    """More are refused; LONGTAKE_COMPARE_MAX_WAITING_JOBS."""
    demo_stream_seconds: float = 3.0
    """How long demo/stream takes to answer; LONGTAKE_COMPARE_DEMO_STREAM_SECONDS."""
    keep_awake: bool = True
    """Whether the worker keeps this computer from idling to sleep while jobs run; LONGTAKE_COMPARE_KEEP_AWAKE."""
    endpoints: tuple[Endpoint, ...] = ()
    """OpenAI-compatible servers besides OpenAI, Ollama and LM Studio; LONGTAKE_COMPARE_ENDPOINTS."""
    day_cap_usd: float | None = None
    """The most that paid calls may cost together from midnight to midnight UTC; None is no limit;
    LONGTAKE_COMPARE_DAY_CAP_USD."""
    allow_unknown_prices: bool = False
    """Whether calls whose price nobody knows beforehand are made in spite of a cap or budget;
    LONGTAKE_COMPARE_UNKNOWN_PRICES, `allow` or `refuse`."""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """How much is asked at once and a minute, by provider or model; LONGTAKE_COMPARE_LIMITS."""
    standin: bool = False
    """Whether a stand-in answers in the providers' place, which the page then says; LONGTAKE_COMPARE_STANDIN."""
    keys_present: tuple[str, ...] = ()
    """Those of KEY_NAMES that are set; never their values."""

    @property
    def running_servers(self) -> Path:
        """Where servers tell that they run."""
        return self.data_dir / "server"

    @property
    def launch_codes(self) -> Path:
        """Where one-time codes wait to be used."""
        return self.running_servers / "launch"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; an empty variable counts as not set. Raises SettingsError."""

        def read(name: str, parse: Callable[[str], _Value], default: _Value) -> _Value:
            text = environ.get(f"LONGTAKE_COMPARE_{name}", "").strip()
            try:
                return parse(text) if text else default
            except ValueError as error:
                raise SettingsError(f"LONGTAKE_COMPARE_{name} {error}.") from None

        return cls(
            data_dir=read("DATA", _folder, _default_data_dir()),
            host=read("HOST", str, cls.host),
            port=read("PORT", _port, cls.port),
            token=read("TOKEN", _token, None),
            allowed_hosts=read("ALLOWED_HOSTS", _hosts, ()),
            max_upload_bytes=read("MAX_UPLOAD_BYTES", _bytes, cls.max_upload_bytes),
            free_disk_floor_bytes=read("FREE_DISK_FLOOR_BYTES", _bytes, cls.free_disk_floor_bytes),
            max_waiting_jobs=read("MAX_WAITING_JOBS", _count, cls.max_waiting_jobs),
            demo_stream_seconds=read("DEMO_STREAM_SECONDS", _seconds, cls.demo_stream_seconds),
            keep_awake=read("KEEP_AWAKE", _yes_or_no, cls.keep_awake),
            endpoints=read("ENDPOINTS", parse_endpoints, ()),
            day_cap_usd=read("DAY_CAP_USD", _dollars, None),
            allow_unknown_prices=read("UNKNOWN_PRICES", _allows, cls.allow_unknown_prices),
            limits=read("LIMITS", parse_limits, {}),
            standin=read("STANDIN", _yes_or_no, cls.standin),
            keys_present=tuple(name for name in KEY_NAMES if environ.get(name, "").strip()),
        )


def check_bind(settings: Settings) -> None:
    """Refuse an address that other computers can reach, unless a token and the allowed hosts are set.

    Raises SettingsError. Call it with the settings as they will be used, after the command line changed them.
    """
    if is_loopback(settings.host):
        return
    wanted = {"LONGTAKE_COMPARE_TOKEN": settings.token, "LONGTAKE_COMPARE_ALLOWED_HOSTS": settings.allowed_hosts}
    missing = [name for name, value in wanted.items() if not value]
    if missing:
        raise SettingsError(
            f"Other computers can reach the address {settings.host!r}, so {' and '.join(missing)} must be set first: "
            "a long random token, and the names people will type in their browser. "
            "To work on this computer only, use the host 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach the address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _default_data_dir() -> Path:
    """The backend/ folder of a checkout; an installed package must not write among the packages."""
    in_checkout = (_CHECKOUT / "pyproject.toml").is_file()
    return _CHECKOUT if in_checkout else Path.home() / ".longtake-compare"


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= _HIGHEST_PORT:
        raise ValueError(f"is {text!r}: it must be a port number from 0 to {_HIGHEST_PORT}")
    return int(text)


def _token(text: str) -> str:
    if len(text) < _SHORTEST_TOKEN or not _TOKEN.fullmatch(text):
        raise ValueError(f"must be {_SHORTEST_TOKEN} or more letters, digits and signs, without spaces")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"has {host!r}: write names such as compare.lan or compare.lan:8000, separated by commas")
    return hosts


def _bytes(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"is {text!r}: it must be a number of bytes, such as 2000000000")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"is {text!r}: it must be a number, such as 10000")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"is {text!r}: it must be a number of seconds, such as 3")
    return seconds


def _yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError(f"is {text!r}: it must be yes or no")
    return text == "yes"


def _dollars(text: str) -> float:
    try:
        dollars = float(text)
    except ValueError:
        dollars = -1.0
    if not math.isfinite(dollars) or dollars < 0:
        raise ValueError(f"is {text!r}: it must be a number of US dollars, such as 5 or 0.50")
    return dollars


def _allows(text: str) -> bool:
    if text not in {"allow", "refuse"}:
        raise ValueError(f"is {text!r}: it must be allow or refuse")
    return text == "allow"
