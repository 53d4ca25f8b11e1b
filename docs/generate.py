"""Writes the parts of the documentation that come from the code: `python docs/generate.py`; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from makers import api, commands, routes, statuses

DOCS = Path(__file__).parent

PARTS = {
    "concepts.md": {"statuses": statuses.diagram},
    "reference/python.md": {"names": api.reference},
    "reference/command-line.md": {"commands": commands.reference},
    "reference/http.md": {"routes": routes.reference},
}
"""Page, part between its two marks, and who makes it."""


def made(text: str, parts: dict[str, str]) -> str:
    """The text with the parts between their marks replaced."""
    for name, part in parts.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n\n{part}\n\n{end}{rest.partition(end)[2]}"
    return text


def main(words: list[str]) -> int:
    """Write, or with --check say which pages are stale."""
    stale = []
    for page, makers in PARTS.items():
        old = (DOCS / page).read_text()
        new = made(old, {name: make() for name, make in makers.items()})
        if new != old:
            stale.append(page)
            if "--check" not in words:
                (DOCS / page).write_text(new)
    if stale and "--check" in words:
        print(f"Stale: {', '.join(stale)}. Run: python docs/generate.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
