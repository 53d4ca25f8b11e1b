"""The log of the workers does not grow without bound, and nobody who writes to it notices."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import pytest
from support import HANDLERS, soon

from longtake import keeper, log_file

LARGE = log_file.LARGEST + 1


def test_a_large_log_makes_room_and_those_who_append_to_it_go_on(tmp_path: Path) -> None:
    path, older = tmp_path / "worker.log", tmp_path / "worker.log.1"
    with open(path, "ab", buffering=0) as writer:
        writer.write(b"x" * log_file.LARGEST)
        log_file.keep_small(path)
        assert not older.exists()
        writer.write(b"y")
        log_file.keep_small(path)
        writer.write(b"after\n")
    assert path.read_bytes() == b"after\n"
    assert older.read_bytes() == b"x" * log_file.LARGEST + b"y"


def test_a_log_that_is_not_there_or_cannot_be_moved_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log_file.keep_small(tmp_path / "none")
    (tmp_path / "worker.log").write_bytes(b"x" * LARGE)
    (tmp_path / "worker.log.1").mkdir()
    with caplog.at_level(logging.WARNING):
        log_file.keep_small(tmp_path / "worker.log")
    assert "could not be kept small" in caplog.text
    assert (tmp_path / "worker.log").stat().st_size == LARGE


def test_it_is_kept_small_while_a_worker_runs_and_before_one_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "SECONDS_BETWEEN_LOOKS", 0.01)
    path, older = tmp_path / "worker.log", tmp_path / "worker.log.1"

    async def scenario() -> None:
        keeping = asyncio.ensure_future(log_file.keep_it_small(path))
        path.write_bytes(b"x" * LARGE)
        await soon(lambda: older.exists() and path.stat().st_size == 0)
        keeping.cancel()

    asyncio.run(scenario())
    path.write_bytes(b"y" * LARGE)
    process = keeper.start_worker(HANDLERS, path)
    process.kill()
    process.wait()
    assert older.read_bytes() == b"y" * LARGE
    assert os.path.getsize(path) < LARGE
