"""The answers of a comparison, in the terminal or in a file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from rich.markdown import Markdown

from app.cli.exits import Exit, Refused
from app.cli.printing import advise, harmless, out, say
from app.compare.export import Export, Format, export
from app.compare.export.gathering import Gatherer
from app.compare.ratings import RatingsShelf
from app.compare.standing import NotAComparison
from app.jobs import job_queue, settings, videos
from longtake import JobNotFound


def chosen_format(output: Path | None, *, as_json: bool, as_csv: bool, as_md: bool, as_html: bool) -> Format | None:
    """The format that the options or the name of the file ask for; None when nothing does. Raises Refused."""
    flags = {Format.JSON: as_json, Format.CSV: as_csv, Format.MD: as_md, Format.HTML: as_html}
    chosen = [each for each, is_set in flags.items() if is_set]
    if len(chosen) > 1:
        raise Refused(f"Choose one of {', '.join(f'--{each}' for each in chosen)}.")
    if chosen or output is None:
        return chosen[0] if chosen else None
    try:
        return Format(output.suffix.removeprefix(".").lower())
    except ValueError:
        raise Refused(f"What is {output.name} to be? Name it .json, .csv, .md or .html, or add --json.") from None


def write_files(job_ids: Sequence[str], wanted: Format, folder: Path) -> Exit:
    """Write a file for each comparison, and name the files; FAILED when a job is none. Raises Refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}. Choose another folder with -o.") from None
    return asyncio.run(_write_files(job_ids, wanted, folder))


async def print_results(job_id: str, wanted: Format | None, output: Path | None) -> None:
    """Print, or write to a file, what a comparison has come to so far. Raises NotAComparison, Refused."""
    text = (await _export(job_id, wanted or Format.MD)).text
    if output is not None:
        _write(output, text)
        advise(f"The answers are in {output}.")
    elif wanted is None and out.is_terminal:
        out.print(Markdown(harmless(text)))
    else:
        out.file.write(text)
        out.file.flush()


async def _write_files(job_ids: Sequence[str], wanted: Format, folder: Path) -> Exit:
    ended = Exit.DONE
    for job_id in job_ids:
        try:
            made = await _export(job_id, wanted)
        except (NotAComparison, JobNotFound) as error:
            advise(str(error))
            ended = Exit.FAILED
            continue
        _write(folder / made.name, made.text)
        say(str(folder / made.name))
    if not job_ids:
        advise("There are no such jobs.")
    return ended


async def _export(job_id: str, wanted: Format) -> Export:
    ratings = RatingsShelf(settings.data_dir / "ratings")
    report = await Gatherer(job_queue, videos, ratings).report(job_id, posters=wanted is Format.HTML)
    return export(report, wanted)


def _write(output: Path, text: str) -> None:
    """Put the file there whole, or leave the old one."""
    half = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        half.write_text(text, encoding="utf-8", newline="")
        half.replace(output)
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror}. Choose another file with -o.") from None
    finally:
        half.unlink(missing_ok=True)
