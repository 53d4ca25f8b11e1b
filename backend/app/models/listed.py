"""The lists of models that providers gave last, over restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from app.models.json_file import read_json, write_json


class Listed(Struct, frozen=True, kw_only=True):
    """One model of a provider."""

    name: str
    """As the provider calls it."""
    title: str


class ModelLists:
    """Lists by provider; without a path, in memory only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        read = None if path is None else read_json(path, dict[str, list[Listed]])
        self._lists = read or {}

    def of(self, provider: str) -> list[Listed] | None:
        """The last list of a provider; None if there never was one."""
        return self._lists.get(provider)

    async def update(self, lists: Mapping[str, list[Listed]]) -> None:
        """Take newer lists of some providers."""
        self._lists = {**self._lists, **lists}
        if self._path is not None:
            await asyncio.to_thread(write_json, self._path, self._lists)
