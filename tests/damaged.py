"""Files that are not as the store wrote them, and what it sets aside; for the tests of damage."""

from __future__ import annotations

import os
import random
from pathlib import Path

from making import job_id, make_job

from longtake.stores.files import FilesStore

ID = job_id()
OTHER = job_id(2)
MUTATIONS = int(os.environ.get("LONGTAKE_MUTATIONS", "250"))


def two_jobs(folder: Path) -> FilesStore:
    """The one that is to be damaged, and a sound one."""
    store = FilesStore(folder)
    store.create(make_job())
    store.create(make_job(2, title="sound"))
    return store


def journal_of(store: FilesStore) -> Path:
    return store.folder / f"{ID}.steps.jsonl"


def quarantined(store: FilesStore, ending: str) -> Path:
    """The one file that was set aside, with its reason beside it."""
    (path,) = [p for p in (store.folder / "quarantine").iterdir() if ending in p.name and not p.name.endswith(".txt")]
    assert f"reason: {reason_of(path)}" in path.with_name(f"{path.name}.reason.txt").read_text()
    assert reason_of(path)
    return path


def reason_of(path: Path) -> str:
    return path.with_name(f"{path.name}.reason.txt").read_text().partition("reason: ")[2].strip()


def mutated(data: bytes, draw: random.Random) -> bytes:
    """Bits flipped, bytes cut out, doubled, overwritten, or digits changed."""
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        start = draw.randrange(len(changed))
        end = min(len(changed), start + draw.choice((1, 2, 8, 100)))
        match draw.randrange(6):
            case 0:
                changed[start] ^= 1 << draw.randrange(8)
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end]
            case 3:
                changed[start:end] = draw.randbytes(end - start)
            case 4:
                changed[start:end] = b"\0" * (end - start)
            case _:
                changed[start:start] = draw.choice((b"9" * 30, b"-", b"null", b'"', b"[", b"}", b"1e999", b"\\ud800"))
        if not changed:
            return b""
    return bytes(changed)
