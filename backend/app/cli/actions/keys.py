"""What `keys test` does."""

from __future__ import annotations

import asyncio
import os

import msgspec

from app.cli.exits import Exit, Refused
from app.cli.printing import advise, print_json, say
from app.models.key_trials import KeyState, provider_keys, try_keys
from app.settings import Settings

_SIGNS = {KeyState.TAKEN: "✓", KeyState.REFUSED: "✗", KeyState.UNKNOWN: "?", KeyState.MISSING: "-"}


def tell_how_to_set(provider: str | None) -> None:
    """Print the line of the shell that takes a key without showing it. Raises Refused."""
    keys = provider_keys(os.environ, Settings.from_environment(os.environ).endpoints)
    wanted = [key for key in keys if provider in {None, key.provider}]
    if not wanted:
        raise Refused(f"No provider of this name takes a key. These do: {', '.join(key.provider for key in keys)}.")
    advise("No key is stored here. Write such a line in the shell that starts the server, and then the key:")
    for key in wanted:
        variable = key.variable.split()[0]
        say(f"read -rs {variable} && export {variable}    # {key.provider}{', set now' if key.is_set else ''}")
    advise(
        "Then stop the worker, which has the old keys (longtake-compare stop), start the server (longtake-compare up), "
        "and try them: longtake-compare keys test"
    )


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
