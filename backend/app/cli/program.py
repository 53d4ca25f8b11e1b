"""All commands together, and what becomes of errors."""

from __future__ import annotations

import typer

from app.cli import batch, comparing, doctor, jobs, keys, models, server, spending, videos
from app.cli.exits import Exit, Refused, WaitEnded
from app.cli.printing import advise, words_of
from app.media.errors import MediaError
from app.settings import SettingsError
from app.videos.errors import VideoError
from longtake import LongtakeError

app = typer.Typer(
    help="Ask several video models the same prompts; lock the screen; come back to answers side by side.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong words, 3 cancelled, 124 timed out, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (server.app, comparing.app, batch.app, models.app, spending.app, doctor.app):
    app.add_typer(commands)
app.add_typer(jobs.app, name="jobs")
app.add_typer(videos.app, name="videos")
app.add_typer(keys.app, name="keys")


def run() -> None:
    """Run the command that was asked for. Raises SystemExit, KeyboardInterrupt."""
    try:
        app()
    except WaitEnded as ended:
        advise(str(ended))
        raise SystemExit(ended.code) from None
    except (SettingsError, Refused) as error:
        advise(str(error))
        raise SystemExit(Exit.USAGE) from None
    except (LongtakeError, VideoError, MediaError, OSError) as error:
        advise(words_of(error))
        raise SystemExit(Exit.FAILED) from None
