"""The commands and their options."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from longtake import __version__
from longtake.cli import acting, examining, reading, sweeping, watching
from longtake.cli.finding import DEFAULT_DIR
from longtake.cli.words import amount, future, job_word, past, positive, priority
from longtake.job import JobStatus
from longtake.working import work_command

EPILOG = (
    "A job is named by its id or any unique beginning of it. The jobs folder is --dir, else $LONGTAKE_DIR, else "
    "./jobs. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 cancelled, 124 time is up, 130 interrupted."
)

Action = Callable[[argparse.Namespace], int]


class Commands:
    """The parser as it grows."""

    def __init__(self) -> None:
        self.parser = argparse.ArgumentParser(
            prog="longtake", description="Background jobs as JSON files.", epilog=EPILOG
        )
        self.parser.add_argument("--version", action="version", version=f"longtake {__version__}")
        self._commands = self.parser.add_subparsers(required=True, metavar="COMMAND")

    def add(self, name: str, says: str, action: Action) -> argparse.ArgumentParser:
        """A command without options."""
        command: argparse.ArgumentParser = self._commands.add_parser(
            name, help=says, description=f"{says[0].upper()}{says[1:]}.", epilog=EPILOG, allow_abbrev=False
        )
        command.set_defaults(action=action)
        return command

    def about_jobs(self, name: str, says: str, action: Action) -> argparse.ArgumentParser:
        """A command about the jobs of a folder."""
        command = self.add(name, says, action)
        command.add_argument(
            "--dir", default=os.environ.get("LONGTAKE_DIR") or DEFAULT_DIR, metavar="FOLDER", help="the jobs folder"
        )
        command.add_argument("--json", action="store_true", help="print JSON")
        return command


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    commands = Commands()
    _add_work(commands)
    _add_reading(commands)
    _add_acting(commands)
    _add_sweeping(commands)
    commands.about_jobs("doctor", "look for what commonly goes wrong, and say what to do about it", examining.doctor)
    return commands.parser


def _add_work(commands: Commands) -> None:
    work = commands.add("work", "run the jobs of a queue until SIGTERM or Ctrl-C", work_command)
    work.add_argument("target", help="where the JobQueue is: app.jobs:job_queue, or file.py:name")
    work.add_argument("--concurrency", type=positive, default=16, metavar="N", help="jobs at once (16)")
    work.add_argument(
        "--grace", type=amount, default=10.0, metavar="SECONDS", help="how long steps may go on after a stop (10)"
    )
    work.add_argument("--until-idle", action="store_true", help="end when there is nothing to do and nobody needs it")
    work.add_argument("--idle", type=amount, default=5.0, metavar="SECONDS", help="how long it waits before that (5)")


def _add_reading(commands: Commands) -> None:
    listing = commands.about_jobs("list", "list the jobs, newest first", reading.list_jobs)
    _add_filter(listing)
    listing.add_argument("--limit", type=positive, default=50, metavar="N", help="at most so many (50)")
    listing.add_argument("--all", action="store_true", help="all of them")

    show = commands.about_jobs("show", "show one job: what, when and why", reading.show_job)
    _add_job(show)
    show.add_argument("--steps", action="store_true", help="all of its recorded steps, not the latest ten")

    watch = commands.about_jobs(
        "watch", "follow a job to its end; Ctrl-C leaves it running; with --json a line for each change",
        watching.watch_job,
    )  # fmt: skip
    _add_job(watch)
    watch.add_argument("--timeout", type=amount, metavar="SECONDS", help="stop watching after so long (exit code 124)")


def _add_acting(commands: Commands) -> None:
    cancel = commands.about_jobs(
        "cancel", "cancel jobs; running ones stop as soon as their handlers do", acting.cancel_jobs
    )
    _add_jobs(cancel)

    retry = commands.about_jobs(
        "retry", "give finished jobs another go; their recorded steps are kept", acting.retry_jobs
    )
    _add_jobs(retry)
    again = retry.add_mutually_exclusive_group()
    again.add_argument("--fresh", action="store_true", help="do everything again")
    again.add_argument("--forget", action="append", default=[], metavar="STEP", help="do this step again; repeatable")

    edit = commands.about_jobs("edit", "change a job; what is not named stays", acting.edit_job)
    _add_job(edit)
    edit.add_argument("--title", default=argparse.SUPPRESS, help="what people see")
    tags = edit.add_mutually_exclusive_group()
    tags.add_argument("--tag", action="append", default=[], help="these tags in place of the old ones; repeatable")
    tags.add_argument("--no-tags", action="store_true", help="no tags")
    _add_changes(edit)

    delete = commands.about_jobs("delete", "delete jobs that do not run, with their steps", acting.delete_jobs)
    _add_jobs(delete)


def _add_sweeping(commands: Commands) -> None:
    cleanup = commands.about_jobs(
        "cleanup", "delete jobs that finished some time ago; those marked to be kept stay", sweeping.clean_up
    )
    cleanup.add_argument("--days", type=amount, default=7.0, help="how long ago (7)")
    cleanup.add_argument("--dry-run", action="store_true", help="only count")

    bulk = commands.about_jobs(
        "bulk", "cancel, retry, delete or edit all jobs that match and whose status allows it", sweeping.act_on_many
    )
    bulk.add_argument("what", choices=["cancel", "retry", "delete", "edit"])
    _add_filter(bulk)
    _add_changes(bulk)
    bulk.add_argument("--all", action="store_true", help="every job")
    bulk.add_argument("--dry-run", action="store_true", help="only count")
    bulk.add_argument("--yes", action="store_true", help="do not ask")


def _add_job(command: argparse.ArgumentParser) -> None:
    command.add_argument("job", type=job_word, help="its id, or a unique beginning of it")


def _add_jobs(command: argparse.ArgumentParser) -> None:
    command.add_argument("jobs", type=job_word, nargs="+", metavar="job", help="ids, or unique beginnings of them")


def _add_changes(command: argparse.ArgumentParser) -> None:
    left_out = argparse.SUPPRESS
    command.add_argument(
        "--keep", action=argparse.BooleanOptionalAction, default=left_out, help="whether a cleanup leaves it alone"
    )
    command.add_argument(
        "--priority", type=priority, default=left_out, metavar="N", help="higher first; of a waiting job"
    )
    command.add_argument(
        "--run-at", type=future, default=left_out, metavar="WHEN", help="not before: 2h, 2026-01-31T14:30, or now"
    )


def _add_filter(command: argparse.ArgumentParser) -> None:
    statuses = [status.value for status in JobStatus]
    command.add_argument("--status", action="append", choices=statuses, default=[], help="of this status; repeatable")
    command.add_argument("--kind", help="of this kind")
    command.add_argument("--tag", help="with this tag")
    command.add_argument("--about", metavar="WORD", help="about this, as its kind tells")
    command.add_argument("--text", help="with this in title, kind, id, about, message or error")
    command.add_argument("--since", type=past, metavar="WHEN", help="created since: 2h, 3d, 2026-01-31")
