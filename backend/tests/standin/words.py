"""What the stand-in answers, and how much of a token that is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from standin.state import Settings

FAULTS_TO_SEE = (
    "429",
    "daily-quota",
    "503",
    "bad-key",
    "echo-key",
    "blocked",
    "max-tokens-text",
    "empty",
    "reset-mid",
    "ends-early",
    "hang-mid",
)
"""What a person who works on the page should see; a model called `fake-503` shows 503."""
THOUGHTS = 7
"""Tokens that every answer spends on thinking."""


def answer_to(prompt: str, settings: Settings) -> str:
    """The whole answer; the same for the same prompt."""
    return settings.answer or f"You asked: {prompt} The scene changes at 0:02, then a car passes at 0:05-0:07. The end."


def in_pieces(text: str, count: int) -> Sequence[str]:
    """Cut a text into at most `count` pieces that make it up again."""
    edges = [round(len(text) * number / count) for number in range(count + 1)]
    return [text[start:end] for start, end in pairwise(edges) if end > start]


def tokens(text: str) -> int:
    """About how many tokens a text has."""
    return max(1, len(text) // 4) if text else 0
