"""A process that asks Gemini is killed at the worst moments; the next one finishes, and nothing is paid twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standin import StandIn
from standin.trying import looks_like_film
from standin.usual import WHOLE
from waiting import eventually

TESTS = Path(__file__).parent


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return looks_like_film(tmp_path / "film.mp4").path


def start(standin: StandIn, film: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "standin.asker", standin.address, str(film), str(folder)]
    return subprocess.Popen(command, cwd=TESTS, env={**os.environ, "PYTHONPATH": str(TESTS)})


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    assert process.wait(10) == -signal.SIGKILL


def kept(folder: Path) -> dict[str, Any]:
    path = folder / "kept.json"
    return dict(json.loads(path.read_bytes())["gemini"]) if path.exists() else {}


def test_killed_in_the_middle_of_an_answer(standin: StandIn, film: Path, tmp_path: Path) -> None:
    standin.control(hold_after=3)
    first = start(standin, film, tmp_path)
    eventually(lambda: kept(tmp_path).get("text"))
    kill(first)
    standin.control(hold_after=None)
    assert start(standin, film, tmp_path).wait(20) == 0
    assert json.loads((tmp_path / "answer.json").read_bytes())["text"] == WHOLE
    assert standin.paid() == 1
    assert len(standin.seen("files.start")) == 1


def test_killed_while_the_model_thinks(standin: StandIn, film: Path, tmp_path: Path) -> None:
    standin.control(hold_after=0)
    first = start(standin, film, tmp_path)
    eventually(lambda: kept(tmp_path).get("interaction"))
    kill(first)
    second = start(standin, film, tmp_path)
    eventually(lambda: standin.seen("interactions.stream"))
    standin.control(hold_after=None)
    assert second.wait(20) == 0
    assert json.loads((tmp_path / "answer.json").read_bytes())["text"] == WHOLE
    assert standin.paid() == 1


def test_killed_in_the_middle_of_an_upload(standin: StandIn, film: Path, tmp_path: Path) -> None:
    standin.control(latency=30.0)
    first = start(standin, film, tmp_path)
    eventually(lambda: standin.seen("files.chunk"))
    kill(first)
    standin.control(latency=0.0)
    assert start(standin, film, tmp_path).wait(20) == 0
    assert len(standin.seen("files.start")) == 1
    assert len(standin.seen("files.query")) == 1
    assert standin.paid() == 1
