"""`cleanup` and `bulk`: what is done with all jobs that match."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import timedelta

from longtake.cli.exits import Exit, Refused
from longtake.cli.finding import changes_named, queue_of, wanted
from longtake.cli.printing import advise, print_json, say
from longtake.requests import Edit
from longtake.store import Filter

_LONGEST_DAYS = 36_500
_DONE = {"cancel": "cancelled", "retry": "given another go", "delete": "deleted", "edit": "edited"}


def clean_up(options: argparse.Namespace) -> Exit:
    """Delete the jobs that finished some time ago."""
    older_than = timedelta(days=min(options.days, _LONGEST_DAYS))
    cleaned = asyncio.run(queue_of(options).cleanup(older_than=older_than, dry_run=options.dry_run))
    if options.json:
        print_json({"jobs": cleaned.jobs, "bytes": cleaned.bytes, "dry_run": options.dry_run})
    else:
        verb = "would be deleted" if options.dry_run else "deleted"
        say(f"{_jobs(cleaned.jobs)}, {cleaned.bytes / 1e6:.1f} MB {verb}.")
    return Exit.DONE


def act_on_many(options: argparse.Namespace) -> Exit:
    """Cancel, retry, delete or edit what matches, after asking."""
    where, changes = wanted(options), changes_named(options)
    if (options.what == "edit") != bool(changes):
        raise Refused("bulk edit needs --priority, --run-at, --keep or --no-keep; the other actions take none of them.")
    if where == Filter() and not options.all:
        raise Refused(
            "this would be every job: name which ones (--status, --kind, --tag, --about, --text, --since), or --all."
        )
    queue = queue_of(options)

    async def act(*, dry_run: bool) -> int:
        if changes:
            return await queue.bulk_edit(where, Edit(**changes), dry_run=dry_run)
        return await queue.bulk(options.what, where, dry_run=dry_run)

    count = asyncio.run(act(dry_run=True))
    if options.dry_run or not count or not _agreed(options, count):
        _tell(options, count, done=False)
        return Exit.DONE
    _tell(options, asyncio.run(act(dry_run=False)), done=True)
    return Exit.DONE


def _agreed(options: argparse.Namespace, count: int) -> bool:
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise Refused(f"{_jobs(count)} would be {_DONE[options.what]}: add --yes to do it, or --dry-run to only count.")
    advise(f"{_jobs(count)} will be {_DONE[options.what]}. Go on? [y/N] ")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _tell(options: argparse.Namespace, count: int, *, done: bool) -> None:
    if options.json:
        print_json({"action": options.what, "jobs": count, "dry_run": not done})
    else:
        say(f"{_jobs(count)} {'' if done else 'would be '}{_DONE[options.what]}.")


def _jobs(count: int) -> str:
    return f"{count:,} job{'' if count == 1 else 's'}"
