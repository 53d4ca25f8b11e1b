"""The command line of the app; one module a group of commands, what they do in `actions`."""

from __future__ import annotations

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; Ctrl-C ends it without many words, also while it is still loading."""
    try:
        from app.cli.program import run  # noqa: PLC0415 (takes long)

        run()
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None
