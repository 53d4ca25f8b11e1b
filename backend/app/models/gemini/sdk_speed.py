"""Google's SDK builds a pydantic class for every event that it reads, always the same few: most of an answer's work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

_MOST = 256


@cache
def build_classes_once() -> None:
    """Let the SDK use such a class again. One whose insides are others than we know stays as slow as it is."""
    with suppress(ImportError, AttributeError):
        serializers: Any = import_module("google.genai._gaos.utils.serializers")
        serializers.create_model = remembering(serializers.create_model)


def remembering(create_model: Callable[..., Any]) -> Callable[..., Any]:
    """The same, with one class for the same words."""

    @lru_cache(_MOST)
    def made(name: str, config: tuple[tuple[str, Any], ...], fields: tuple[tuple[str, Any], ...]) -> Any:
        return create_model(name, __config__=dict(config), **dict(fields))

    def create(name: str, *, __config__: Mapping[str, Any], **fields: Any) -> Any:
        words = name, tuple(__config__.items()), tuple(fields.items())
        try:
            hash(words)
        except TypeError:
            return create_model(name, __config__=__config__, **fields)
        return made(*words)

    return create
