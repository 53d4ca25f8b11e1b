"""The job queue of the app and the kinds of job it knows; the worker imports this module, and so does the server."""

from __future__ import annotations

import os

from app.compare import batch, single
from app.compare.answer_index import AnswerIndex
from app.compare.arrivals import UploadDesk
from app.compare.asking import CellAsker
from app.compare.cancelling import CellCancels
from app.compare.earlier import EarlierAnswers
from app.compare.ledger import Ledger
from app.compare.leftovers import Leftovers
from app.compare.spending import Caps
from app.compare.till import Till
from app.models.limits.limits import Limits
from app.models.registry import build_registry
from app.models.remote import RemoteModels
from app.settings import Settings
from app.uploads.shelf import UploadShelf
from app.videos.library import VideoLibrary
from longtake import JobQueue

settings = Settings.from_environment(os.environ)
videos = VideoLibrary(
    settings.data_dir / "uploads",
    max_bytes=settings.max_upload_bytes,
    free_disk_floor_bytes=settings.free_disk_floor_bytes,
)
uploads = UploadShelf(
    settings.data_dir / "uploads",
    max_bytes=settings.max_upload_bytes,
    free_disk_floor_bytes=settings.free_disk_floor_bytes,
)
remote = RemoteModels(os.environ, folder=settings.data_dir / "providers", endpoints=settings.endpoints)
registry = build_registry(remote, demo_stream_seconds=settings.demo_stream_seconds)
job_queue = JobQueue(
    storage_dir=settings.data_dir / "jobs",
    worker="app.jobs:job_queue",
    keep_awake=settings.keep_awake,
    max_waiting=settings.max_waiting_jobs,
)

limits = Limits(settings.limits, shared=[endpoint.name for endpoint in settings.endpoints if endpoint.is_local])
ledger = Ledger(settings.data_dir / "spending")
caps = Caps(day_usd=settings.day_cap_usd, allow_unknown=settings.allow_unknown_prices)
cancels = CellCancels(settings.data_dir / "cancels")
earlier = EarlierAnswers(AnswerIndex(settings.data_dir / "answers.sqlite"), job_queue)
leftovers = Leftovers(job_queue, ledger, registry)
_asker = CellAsker(registry, videos, limits, Till(ledger, caps), earlier, cancels=cancels)
_desk = UploadDesk(uploads, videos)
compare = single.register(job_queue, _asker, _desk)
batch_compare = batch.register(job_queue, _asker, _desk)
