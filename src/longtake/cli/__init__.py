"""The command line: `longtake --help` says what there is."""

from longtake.cli.main import main

__all__ = ["main"]
