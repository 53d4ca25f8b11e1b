"""What `keys test` does."""

from __future__ import annotations

import asyncio
import os

import msgspec

from app.cli.exits import Exit
from app.cli.printing import print_json, say
from app.models.key_trials import KeyState, try_keys
from app.settings import Settings

_SIGNS = {KeyState.TAKEN: "✓", KeyState.REFUSED: "✗", KeyState.UNKNOWN: "?", KeyState.MISSING: "-"}


def try_all(*, as_json: bool) -> Exit:
    """Print what came of each key; FAILED when one that is set was not taken."""
    trials = asyncio.run(try_keys(os.environ, Settings.from_environment(os.environ).endpoints))
    if as_json:
        print_json({"keys": msgspec.to_builtins(trials)})
    else:
        for trial in trials:
            say(f"{_SIGNS[trial.state]} {trial.provider:10} {trial.variable}: {trial.detail}")
    is_well = all(trial.state in {KeyState.TAKEN, KeyState.MISSING} for trial in trials)
    return Exit.DONE if is_well else Exit.FAILED
