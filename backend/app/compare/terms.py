"""How a comparison asks its cells; what is usual is left out of the job's arguments."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from app.models.base import NO_OPTIONS, AskOptions, named


class Terms(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How every cell of a comparison is asked."""

    options: AskOptions = NO_OPTIONS
    repeats: int = 1
    """How often each cell is asked, to see how much the answers vary."""
    fresh: bool = False
    """Whether every cell is asked, also where an earlier one has the answer."""
    budget_usd: float | None = None
    """The most that its paid calls may cost together; None is no limit."""

    def as_args(self) -> dict[str, Any]:
        """The arguments of a job that say so."""
        args: dict[str, Any] = msgspec.to_builtins(self)
        args.pop("options", None)
        options = given(self.options)
        return args | {"options": options} if options else args


USUAL = Terms()


def given(options: AskOptions) -> dict[str, Any]:
    """What is asked for, as JSON."""
    return {name: msgspec.to_builtins(getattr(options, name)) for name in named(options)}
