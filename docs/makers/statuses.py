"""The status diagram, from the transition table."""

from __future__ import annotations

from longtake.lifecycle import TRANSITIONS


def diagram() -> str:
    """A Mermaid diagram of what may follow what."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> pending: submitted"]
    for event, (may_follow, leads_to) in TRANSITIONS.items():
        lines += [f"    {status} --> {leads_to}: {event}" for status in sorted(may_follow)]
    return "\n".join([*lines, "```"])
