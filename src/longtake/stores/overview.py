"""All jobs of a folder as their owner finds them: what the index does not know, what is damaged, what was left."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from longtake.codec import decode_job
from longtake.errors import JobDamaged, JobIsNewer, JobNotFound, StorageProblem
from longtake.job import Job
from longtake.stores import trouble
from longtake.stores.catalogue import Catalogue
from longtake.stores.folder import JobFolder
from longtake.stores.quarantine import Quarantine

log = logging.getLogger("longtake")


class Overview:
    """Looks at every job, and sets aside what cannot be trusted."""

    def __init__(self, folder: JobFolder, catalogue: Catalogue, quarantine: Quarantine) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._quarantine = quarantine
        self._is_swept = False

    def active(self) -> list[Job]:
        """Every pending or running job that the index knows; damaged files are set aside."""
        jobs = map(self._read_or_set_aside, self._catalogue.active())
        return [job for job in jobs if job is not None]

    def differences(self) -> Iterator[list[str]]:
        """The jobs that the index does not know as their files are, after each portion; changes no job."""
        yield from self._catalogue.differences()
        yield from self._sweep()

    def inspect(self, job_ids: Iterable[str]) -> list[Job]:
        """Note these jobs as their files are now; returns those that can be trusted."""
        found: list[Job] = []
        for job_id in job_ids:
            self._catalogue.look_again(job_id)  # first, so that a doubt about it stays
            job = self._read_or_set_aside(job_id)
            if job is not None:
                found.append(job)
        return found

    def set_aside(self, job_id: str, reason: str) -> None:
        """Move a damaged job and its journal to quarantine."""
        log.error("Job %s is damaged and was moved to quarantine/: %s", job_id, reason)
        now = datetime.now(UTC)
        for path in (self._folder.job(job_id), self._folder.journal(job_id)):
            with trouble.writing(path):
                self._quarantine.take(path, reason, now)
        with trouble.writing(self._folder.path):
            self._folder.placing.forget()
        self._catalogue.forget(job_id)

    def _read_or_set_aside(self, job_id: str) -> Job | None:
        try:
            return self._trusted(job_id)
        except StorageProblem as error:
            log.error("%s It is looked at again later.", error)  # noqa: TRY400 (the message says it all)
            self._catalogue.doubt(job_id)
        return None

    def _trusted(self, job_id: str) -> Job | None:
        try:
            return decode_job(self._folder.read(job_id), job_id)
        except JobNotFound:
            self._catalogue.forget(job_id)
        except JobIsNewer as error:
            log.warning("%s", error)
        except JobDamaged as error:
            self.set_aside(job_id, error.reason)
        return None

    def _sweep(self) -> Iterator[list[str]]:
        """Take away, once, what processes that died left behind; no difference."""
        if self._is_swept:
            return
        for leftovers in self._folder.leftovers():
            for path in leftovers:
                with trouble.writing(path):
                    path.unlink(missing_ok=True)
            yield []
        self._is_swept = True
