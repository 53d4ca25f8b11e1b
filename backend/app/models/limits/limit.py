"""What a model may be asked at most: settings, and what is usual."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct


class Limit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most of one model; None leaves it to what its provider says when asked too often."""

    at_once: int | None = None
    """Cells that are asked at the same time."""
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    def __post_init__(self) -> None:
        """Refuse what would never let a call pass."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1")

    def over(self, other: Limit) -> Limit:
        """This limit, and the other one where this says nothing."""
        return Limit(
            **{
                name: other_value if (value := getattr(self, name)) is None else value
                for name in self.__struct_fields__
                for other_value in [getattr(other, name)]
            }
        )


AT_ONCE = 8
"""Cells of one model at once where nothing else is said."""
_USUAL = {"local": 2, "ollama": 2, "lmstudio": 2, "demo": 4}
"""What runs on this computer keeps it busy."""


def usual_limit(provider: str) -> Limit:
    """The limit of a provider that the settings do not name."""
    return Limit(at_once=_USUAL.get(provider, AT_ONCE))


def parse_limits(text: str) -> Mapping[str, Limit]:
    """Read a setting: a JSON object of limits by provider or model. Raises ValueError."""
    try:
        return msgspec.json.decode(text, type=dict[str, Limit])
    except (msgspec.MsgspecError, ValueError) as error:
        example = '{"gemini": {"at_once": 4, "requests_per_minute": 60, "tokens_per_minute": 250000}}'
        raise ValueError(f"must be a JSON object such as {example}: {error}") from None
