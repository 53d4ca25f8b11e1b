"""What `spending` and `stop-all` do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from app.api.spending import spent_by_job, spent_today
from app.cli.actions.finding import find_job
from app.cli.exits import Refused
from app.cli.printing import moment, print_json, say
from app.compare.cancelling import cancel_all
from app.compare.spending import Call
from app.compare.standing import NotAComparison
from app.jobs import caps, job_queue, ledger


def of_today(*, with_calls: bool, as_json: bool) -> None:
    """Print what is spent today."""
    view = asyncio.run(spent_today(ledger, caps))
    calls = asyncio.run(ledger.calls_of_today()) if with_calls else []
    if as_json:
        print_json(view.model_dump(mode="json") | _as_json(calls, with_calls=with_calls))
        return
    cap = "no cap" if view.day_cap_usd is None else f"of ${view.day_cap_usd:g}"
    say(f"{view.day} (UTC): ${view.today_usd:.4f} (est.), {cap}; {_counted(view.calls)}.")
    _say_rest(view.open_usd, view.open_calls, view.unknown_calls)
    if view.day_cap_usd is None:
        say("LONGTAKE_COMPARE_DAY_CAP_USD sets a cap for each day.")
    _say_calls(calls)


def of_job(beginning: str, *, with_calls: bool, as_json: bool) -> None:
    """Print what a job has spent. Raises Refused."""
    job = asyncio.run(find_job(beginning))
    try:
        view = asyncio.run(spent_by_job(job.id, job_queue, ledger))
    except NotAComparison as error:
        raise Refused(str(error)) from None
    calls = asyncio.run(ledger.calls_of_job(job.id)) if with_calls else []
    if as_json:
        print_json({"job_id": job.id} | view.model_dump(mode="json") | _as_json(calls, with_calls=with_calls))
        return
    budget = "no budget" if view.budget_usd is None else f"of ${view.budget_usd:g}"
    say(f"{job.id}: ${view.usd:.4f} (est.), {budget}; {_counted(view.calls)}.")
    _say_rest(view.open_usd, view.open_calls, view.unknown_calls)
    if view.kept.calls:
        say(f"Not paid again: {_counted(view.kept.calls)} for ${view.kept.usd:.4f}.")
    if view.reattached.calls:
        say(f"Only listened to again: {_counted(view.reattached.calls)} for ${view.reattached.usd:.4f}.")
    _say_calls(calls)


def stop_all(*, as_json: bool) -> None:
    """Cancel every unfinished comparison."""
    jobs = asyncio.run(cancel_all(job_queue))
    if as_json:
        print_json({"jobs": jobs})
        return
    say(f"{jobs} {'job is' if jobs == 1 else 'jobs are'} cancelled; what runs stops as soon as it can.")


def _as_json(calls: Sequence[Call], *, with_calls: bool) -> dict[str, object]:
    return {"paid_calls": [msgspec.to_builtins(call) for call in calls]} if with_calls else {}


def _say_rest(open_usd: float, open_calls: int, unknown_calls: int) -> None:
    if open_calls:
        say(f"Reserved for {_counted(open_calls)} without an end: ${open_usd:.4f} of it.")
    if unknown_calls:
        say(f"Nobody knows the price of {_counted(unknown_calls)}: they are not in the sum.")


def _say_calls(calls: Sequence[Call]) -> None:
    for call in calls:
        asked, ended = call.intent, call.outcome
        cost = "unknown" if call.usd is None else f"${call.usd:.4f}"
        how = ended.ending if ended else "goes on"
        say(f"{moment(asked.at)}  {cost:>9}  {how:8}  {asked.job_id}  {asked.cell:8}  {asked.model}")


def _counted(calls: int) -> str:
    return f"{calls} paid {'call' if calls == 1 else 'calls'}"
