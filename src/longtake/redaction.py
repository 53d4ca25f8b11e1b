"""Keys in this process's environment, taken out of words that are kept or logged: an error may quote its request."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from urllib.parse import quote

_NAMES = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)S?$", re.IGNORECASE)
SHORTEST = 8
"""Characters; shorter values stand in innocent words."""


def without_keys(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The text with each value of a variable such as GEMINI_API_KEY replaced by the variable's name."""
    for name, value in environment.items():
        if len(value) >= SHORTEST and _NAMES.search(name):
            for form in {value, quote(value, safe="")}:
                text = text.replace(form, f"[{name}]")
    return text


class KeylessFormatter(logging.Formatter):
    """Log lines, tracebacks included, without keys."""

    def format(self, record: logging.LogRecord) -> str:
        """As any formatter does it, then without keys."""
        return without_keys(super().format(record))
