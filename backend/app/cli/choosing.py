"""Options that choose jobs, given to commands in one place: each gets them as one value."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Annotated, Any

import typer

from longtake import Filter, JobStatus


@dataclass(frozen=True)
class Choice:
    """Which jobs a command is to act on: those that are named, or all that match."""

    named: tuple[str, ...]
    where: Filter
    all_matching: bool


def with_filter(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a filter; it gets them as `where`."""
    return _with(command, "where", _FILTER, _filter)


def with_choice(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command names of jobs and the options of a filter; it gets them as `choice`."""
    return _with(command, "choice", _CHOICE, _choice)


def _past(text: str) -> datetime:
    from longtake.cli.words import past  # noqa: PLC0415 (loads the other command line, and only this needs it)

    try:
        return past(text)
    except argparse.ArgumentTypeError as error:
        raise typer.BadParameter(str(error)) from None


_FILTER: Mapping[str, Any] = {
    "status": Annotated[
        list[JobStatus] | None,
        typer.Option("--status", help="Only of this status; may be repeated.", show_default=False),
    ],
    "kind": Annotated[str | None, typer.Option("--kind", help="Only of this kind.")],
    "tag": Annotated[str | None, typer.Option("--tag", help="Only with this tag.")],
    "about": Annotated[str | None, typer.Option("--about", help="Only those that ask this model.", metavar="MODEL")],
    "text": Annotated[
        str | None, typer.Option("--text", "-q", help="Only with this in title, id, message or error.", metavar="WORDS")
    ],
    "since": Annotated[
        datetime | None,
        typer.Option("--since", help="Only created since: 2h, 3d, 2026-01-31.", metavar="WHEN", parser=_past),
    ],
}
_CHOICE: Mapping[str, Any] = {
    "jobs": Annotated[
        list[str] | None,
        typer.Argument(help="Ids of jobs, or their beginnings.", metavar="[JOB]...", show_default=False),
    ],
    **_FILTER,
    "all_matching": Annotated[
        bool,
        typer.Option(
            "--all-matching", help="All jobs that --status, --kind, --tag, --about, --text and --since leave."
        ),
    ],
}


def _filter(options: Mapping[str, Any]) -> Filter:
    return Filter(
        status=tuple(options["status"] or ()),
        kind=options["kind"],
        tag=options["tag"],
        about=options["about"],
        text=options["text"],
        created_since=options["since"],
    )


def _choice(options: Mapping[str, Any]) -> Choice:
    return Choice(tuple(options["jobs"] or ()), _filter(options), options["all_matching"])


def _with(
    command: Callable[..., None], name: str, options: Mapping[str, Any], made: Callable[[Mapping[str, Any]], Any]
) -> Callable[..., None]:
    @wraps(command)
    def whole(**given: Any) -> None:
        value = made({option: given.pop(option) for option in options})
        command(**given, **{name: value})

    own = inspect.signature(command, eval_str=True)
    kept = [parameter for parameter in own.parameters.values() if parameter.name != name]
    added = [
        inspect.Parameter(
            option, inspect.Parameter.KEYWORD_ONLY, default=False if option == "all_matching" else None, annotation=kind
        )
        for option, kind in options.items()
    ]
    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in [*added, *kept]]
    whole.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]  # what typer reads
    whole.__annotations__ = {p.name: p.annotation for p in parameters}
    return whole
