"""Whether a provider answered with another model than the one that was asked."""

from __future__ import annotations

import re

_SNAPSHOT = re.compile(r"[-:@](?:latest|exp|preview|\d{3,}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2,4})(?=$|[-:@])")
"""What providers add to the name of a model for one state of it, such as `-001` or `-2026-08-07`."""
_MOVING = re.compile(r"[-:]latest$")


def is_rerouted(asked: str, answered_by: str | None) -> bool:
    """Whether `answered_by` is not `asked`: neither its name, with or without a server before it, nor a state of it.

    A name that ends in `-latest` stands for whatever the provider means by it.
    """
    if answered_by is None or answered_by == asked or _MOVING.search(asked):
        return False
    names = {asked.lower(), asked.partition("/")[2].lower() or asked.lower()}
    names |= {name.rpartition("/")[2] for name in names}
    answered = answered_by.lower().removeprefix("models/")
    return not ({answered, answered.rpartition("/")[2]} & names or _plain(answered) in map(_plain, names))


def _plain(name: str) -> str:
    return _SNAPSHOT.sub("", name.rpartition("/")[2])
