"""Runs a command and says by its exit code how it went."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from longtake.cli.exits import Exit, Refused
from longtake.cli.parser import parser
from longtake.cli.printing import advise
from longtake.errors import LongtakeError


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
        advise(f"longtake: {error}")
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return code
