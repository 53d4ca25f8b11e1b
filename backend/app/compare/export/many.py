"""Many comparisons as one file that is made while it is sent: a spreadsheet, or an archive with a file for each."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from app.compare.export import csv_file
from app.compare.export.formats import Format, export
from app.compare.export.gathering import Gatherer
from app.compare.export.report import Report
from app.compare.standing import NotAComparison
from longtake import LongtakeError

NOT_EXPORTED = "not-exported.txt"
"""In the archive: which jobs are not, and why."""


class ManyExport:
    """One file of many comparisons; never more than one of them in memory."""

    def __init__(self, gatherer: Gatherer, job_ids: Sequence[str], wanted: Format) -> None:
        self._gatherer = gatherer
        self._job_ids = job_ids
        self._wanted = wanted

    @property
    def name(self) -> str:
        """Of the file."""
        number, ending = len(self._job_ids), "csv" if self._wanted is Format.CSV else "zip"
        noun = "comparison" if number == 1 else "comparisons"
        return f"{number}-{noun}-{datetime.now(UTC):%Y-%m-%d}.{ending}"

    @property
    def media_type(self) -> str:
        """Of the file."""
        return "text/csv; charset=utf-8" if self._wanted is Format.CSV else "application/zip"

    def pieces(self) -> AsyncIterator[bytes]:
        """The file, piece by piece."""
        return self._spreadsheet() if self._wanted is Format.CSV else self._archive()

    async def _spreadsheet(self) -> AsyncIterator[bytes]:
        yield csv_file.written([csv_file.JOB_COLUMNS + csv_file.COLUMNS]).encode()
        for job_id in self._job_ids:
            report = await self._read(job_id)
            rows = (
                [csv_file.row_of_failure(job_id, report)] if isinstance(report, str) else csv_file.rows_of_job(report)
            )
            yield (await asyncio.to_thread(csv_file.written, rows)).encode()

    async def _archive(self) -> AsyncIterator[bytes]:
        sent = _Outflow()
        reasons: list[str] = []
        with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as archive:
            for job_id in self._job_ids:
                report = await self._read(job_id)
                if isinstance(report, str):
                    reasons.append(f"{job_id}: {report}\n")
                else:
                    await asyncio.to_thread(_add, archive, report, self._wanted)
                    yield sent.taken()
            if reasons:
                archive.writestr(NOT_EXPORTED, "".join(reasons))
        yield sent.taken()

    async def _read(self, job_id: str) -> Report | str:
        """The comparison, or why it cannot be read: one of many does not keep the others back."""
        try:
            return await self._gatherer.report(job_id, posters=self._wanted is Format.HTML)
        except (LongtakeError, NotAComparison) as error:
            return str(error)


class _Outflow(io.RawIOBase):
    """What is written, until it is taken away."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        taken, self._written = bytes(self._written), bytearray()
        return taken


def _add(archive: zipfile.ZipFile, report: Report, wanted: Format) -> None:
    file = export(report, wanted)
    archive.writestr(file.name, file.text)
