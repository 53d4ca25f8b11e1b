"""Runs a command and says by its exit code how it went."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from longtake.cli.exits import Exit, Refused
from longtake.cli.parser import parser
from longtake.cli.printing import advise
from longtake.errors import LongtakeError, StorageProblem


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (see `Exit`)."""
    options = parser().parse_args(words)
    try:
        code = int(options.action(options))
        sys.stdout.flush()
    except BrokenPipeError:  # `longtake list | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Refused as error:
        advise(f"longtake: {error}")
        return Exit.USAGE
    except LongtakeError as error:
        advise(f"longtake: {_words(error, options)}")
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return code


def _words(error: LongtakeError, options: argparse.Namespace) -> str:
    """What went wrong; what the disk did not let happen, with the folder."""
    if not isinstance(error, StorageProblem) or error.strerror is None or "dir" not in options:
        return str(error)
    return f"{error.strerror} The jobs folder is {Path(options.dir).absolute()}."
