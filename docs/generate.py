"""Writes the parts of the documentation that come from the code: `python docs/generate.py`; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from longtake.lifecycle import TRANSITIONS

DOCS = Path(__file__).parent


def statuses() -> str:
    """The status diagram, from the transition table."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> pending: submitted"]
    for event, (may_follow, leads_to) in TRANSITIONS.items():
        lines += [f"    {status} --> {leads_to}: {event}" for status in sorted(may_follow)]
    return "\n".join([*lines, "```"])


PARTS = {"concepts.md": {"statuses": statuses}}


def made(text: str, parts: dict[str, str]) -> str:
    """The text with the parts between their marks replaced."""
    for name, part in parts.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{part}\n{end}{rest.partition(end)[2]}"
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
