"""The reference of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from longtake.cli.parser import EPILOG, parser


def reference() -> str:
    """Every command with its options."""
    commands = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return "\n\n".join([EPILOG, *(part for name, one in commands.choices.items() for part in _command(name, one))])


def _command(name: str, command: argparse.ArgumentParser) -> Iterator[str]:
    actions = [action for action in command._actions if "--help" not in action.option_strings]
    places = [action.metavar or action.dest for action in actions if not action.option_strings]
    usage = " ".join(str(place).upper() for place in places)
    yield f"## longtake {name}"
    yield f"`longtake {name} {usage}{' ' if usage else ''}[options]`"
    yield str(command.description)
    yield "| word | what it does |\n|---|---|\n" + "\n".join(_row(action) for action in actions)


def _row(action: argparse.Action) -> str:
    takes = "" if action.nargs == 0 or not action.option_strings else f" {action.metavar or action.dest.upper()}"
    words = ", ".join(f"`{option}{takes}`" for option in action.option_strings)
    choices = f"{', '.join(map(str, action.choices))}; " if action.choices else ""
    return f"| {words or f'`{str(action.metavar or action.dest).upper()}`'} | {choices}{action.help or 'which'} |"
