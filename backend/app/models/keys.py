"""Keys of providers: read from the environment, sent to one host, shown to nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

_SHORTEST = 8
"""Shorter values are no keys, and to blot them out would spoil every text."""
_HIDDEN = "[key]"


@dataclass(frozen=True)
class Key:
    """One key; its `repr` does not tell it."""

    variable: str
    """The environment variable it came from."""
    value: str = field(repr=False)

    def hide(self, text: str) -> str:
        """Blot the key out of a text that somebody will read."""
        if len(self.value) < _SHORTEST:
            return text
        return text.replace(self.value, _HIDDEN).replace(quote(self.value, safe=""), _HIDDEN)

    def fingerprint(self, *where: str) -> str:
        """Tell this key, used at `where`, from others without giving it away."""
        return hashlib.sha256("\n".join([*where, self.value]).encode()).hexdigest()[:16]


def read_key(environ: Mapping[str, str], *variables: str) -> Key | None:
    """Take the first of the variables that is set; None if none is."""
    for variable in variables:
        if value := environ.get(variable, "").strip():
            return Key(variable, value)
    return None
