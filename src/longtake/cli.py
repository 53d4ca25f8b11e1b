"""The command line: `longtake work | list | show | watch | cancel | retry | cleanup`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta

from longtake.errors import LongtakeError
from longtake.job import JobStatus
from longtake.queue import JobQueue
from longtake.terminal import bar_line, details, table
from longtake.values import to_json
from longtake.working import work_command

_EPILOG = (
    "A job id may be shortened to any unique beginning. The jobs folder is --dir, else $LONGTAKE_DIR, else ./jobs."
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 done, 1 failed, 2 usage, 3 cancelled."""
    options = _parser().parse_args(words)
    try:
        code = int(options.action(options))
        sys.stdout.flush()
    except BrokenPipeError:  # `longtake list | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except LongtakeError as error:
        print(f"longtake: {error}", file=sys.stderr)  # noqa: T201 (a command line)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="longtake", description="Background jobs as JSON files.", epilog=_EPILOG)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    work = commands.add_parser("work", help="run the jobs of a queue: module:name or file.py:name")
    work.add_argument("target", help="where the JobQueue is, for example app.jobs:job_queue")
    work.add_argument("--concurrency", type=int, default=16, help="jobs at once (16)")
    work.add_argument("--grace", type=float, default=10.0, help="seconds that steps get to end on a stop (10)")
    work.add_argument("--until-idle", action="store_true", help="end when there is nothing to do and nobody needs it")
    work.add_argument("--idle", type=float, default=5.0, help="after so many seconds of that (5)")
    work.set_defaults(action=work_command)

    listing = _command(commands, "list", "list the jobs, newest first", _list)
    listing.add_argument("--status", action="append", choices=[s.value for s in JobStatus], default=[])
    listing.add_argument("--kind")
    listing.add_argument("--limit", type=int, default=50)

    show = _command(commands, "show", "show a job whole", _show)
    show.add_argument("job")
    show.add_argument("--steps", action="store_true", help="its recorded steps too")

    watch = _command(commands, "watch", "follow a job to its end; Ctrl-C leaves it running", _watch)
    watch.add_argument("job")

    cancel = _command(commands, "cancel", "cancel a job", _cancel)
    cancel.add_argument("job")

    retry = _command(commands, "retry", "give a finished job another go", _retry)
    retry.add_argument("job")
    retry.add_argument("--fresh", action="store_true", help="forget the recorded steps")

    cleanup = _command(commands, "cleanup", "delete jobs that finished some time ago", _cleanup)
    cleanup.add_argument("--days", type=float, default=7.0, help="how long ago (7)")
    cleanup.add_argument("--dry-run", action="store_true", help="only count")
    return parser


def _command(commands: argparse._SubParsersAction, name: str, help_: str, action: object) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_, epilog=_EPILOG)
    command.add_argument("--dir", default=os.environ.get("LONGTAKE_DIR", "./jobs"), help="the jobs folder")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(action=action)
    return command


def _queue(options: argparse.Namespace) -> JobQueue:
    return JobQueue(options.dir, mode="external")


def _list(options: argparse.Namespace) -> int:
    queue = _queue(options)
    page = asyncio.run(queue.find(status=options.status, kind=options.kind, limit=options.limit))
    if options.json:
        _print_json([to_json(job) for job in page.jobs])
    else:
        _print(table(page.jobs))
        if page.next:
            _print(f"… and older ones: --limit {2 * options.limit} shows more.")
    return 0


def _show(options: argparse.Namespace) -> int:
    queue = _queue(options)
    job_id = _full_id(queue, options.job)
    job = asyncio.run(queue.get(job_id))
    steps = asyncio.run(queue.steps(job_id)) if options.steps else []
    if options.json:
        _print_json(to_json(job) | ({"recorded_steps": to_json(steps)} if options.steps else {}))
    else:
        _print(details(job, steps))
    return 0


def _watch(options: argparse.Namespace) -> int:
    queue = _queue(options)
    job_id = _full_id(queue, options.job)
    try:
        status = asyncio.run(_follow(queue, job_id, as_json=options.json))
    except KeyboardInterrupt:
        _print(f"\nThe job goes on. Come back with: longtake watch {job_id} --dir {options.dir}")
        return 130
    return {JobStatus.COMPLETED: 0, JobStatus.CANCELLED: 3}.get(status, 1)


async def _follow(queue: JobQueue, job_id: str, *, as_json: bool) -> JobStatus:
    on_terminal = sys.stdout.isatty() and not as_json
    status = JobStatus.PENDING
    async for job in queue.watch(job_id):
        status = job.status
        if as_json:
            print(json.dumps(to_json(job)), flush=True)  # noqa: T201 (a command line)
        elif on_terminal:
            print(f"\r\033[K{bar_line(job)}", end="", flush=True)  # noqa: T201 (a command line)
        else:
            print(bar_line(job), flush=True)  # noqa: T201 (a command line)
    if on_terminal:
        print()  # noqa: T201 (a command line)
    return status


def _cancel(options: argparse.Namespace) -> int:
    queue = _queue(options)
    job = asyncio.run(queue.cancel(_full_id(queue, options.job)))
    _print(json.dumps(to_json(job)) if options.json else f"{job.id} {job.status}")
    return 0


def _retry(options: argparse.Namespace) -> int:
    queue = _queue(options)
    job = asyncio.run(queue.retry(_full_id(queue, options.job), fresh=options.fresh))
    alone = "" if queue.worker() else " No worker is running: start your program, or `longtake work`."
    _print(json.dumps(to_json(job)) if options.json else f"{job.id} {job.status}.{alone}")
    return 0


def _cleanup(options: argparse.Namespace) -> int:
    queue = _queue(options)
    cleaned = asyncio.run(queue.cleanup(older_than=timedelta(days=options.days), dry_run=options.dry_run))
    if options.json:
        _print_json({"jobs": cleaned.jobs, "bytes": cleaned.bytes, "dry_run": options.dry_run})
    else:
        verb = "would be deleted" if options.dry_run else "deleted"
        _print(f"{cleaned.jobs} jobs, {cleaned.bytes / 1e6:.1f} MB {verb}.")
    return 0


def _full_id(queue: JobQueue, beginning: str) -> str:
    page = asyncio.run(queue.find(text=beginning.lower(), limit=1000))
    found = [job.id for job in page.jobs if job.id.startswith(beginning.lower())]
    if len(found) > 1:
        raise LongtakeError(f"{len(found)} jobs begin with {beginning}: give more letters.")
    return found[0] if found else beginning


def _print(text: str) -> None:
    print(text)  # noqa: T201 (a command line)


def _print_json(value: object) -> None:
    _print(json.dumps(value, indent=2, ensure_ascii=False))
