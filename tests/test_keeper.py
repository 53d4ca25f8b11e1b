"""The keeper: a worker is there whenever nobody else owns the jobs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import HANDLERS, Place, soon

from longtake import JobQueue, LongtakeError, keeper
from longtake.stores.files import FilesStore


def kept(place: Place, target: str = HANDLERS) -> JobQueue:
    """A queue that keeps a worker."""
    return JobQueue(place.jobs, mode="auto", worker=target)


def test_a_worker_is_there_while_a_program_attends_whoever_kills_it(place: Place) -> None:
    async def scenario() -> None:
        queue = kept(place)
        async with queue.keeping_worker():
            pids: list[int] = []
            for _ in range(3):
                pids.append(await soon(lambda: (pid := place.worker_pid()) not in {0, *pids} and pid))
                place.kill_worker()
        assert len(set(pids)) == 3

    asyncio.run(scenario())


def test_a_worker_that_the_keeper_did_not_start_is_replaced_when_it_dies(place: Place) -> None:
    async def scenario(first: subprocess.Popen[bytes]) -> None:
        await soon(lambda: place.worker_pid() == first.pid)
        async with kept(place).keeping_worker():
            first.kill()
            await soon(lambda: place.worker_pid() not in {0, first.pid}, 5)

    with place.worker() as first:
        asyncio.run(scenario(first))


def test_the_worker_stays_when_the_program_goes(place: Place) -> None:
    async def scenario() -> None:
        async with kept(place).keeping_worker():
            await soon(place.worker_pid)
        await asyncio.sleep(0)
        assert place.worker_pid()

    asyncio.run(scenario())


def test_a_keeper_goes_on_when_the_system_has_no_room_for_a_process(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "WAIT_FOR_MEANS", 0.05)
    refused: list[str] = []
    start = keeper.start_worker

    def start_worker(target: str, log_file: Path) -> keeper.WorkerProcess:
        if len(refused) < 2:
            refused.append(target)
            raise OSError("Cannot allocate memory")
        return start(target, log_file)

    monkeypatch.setattr(keeper, "start_worker", start_worker)

    async def scenario() -> None:
        async with kept(place).keeping_worker():
            await soon(place.worker_pid)

    asyncio.run(scenario())
    assert len(refused) == 2


def test_a_worker_that_cannot_start_is_started_again_after_longer_and_longer_pauses(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    paused = asyncio.Event()

    async def scenario() -> None:
        async with kept(place, "no_such_module:queue").keeping_worker():
            await soon(lambda: len(pauses()) >= 2)

    def pauses() -> list[float]:
        said = [r.getMessage() for r in caplog.records if "ended with an error" in r.getMessage()]
        return [float(message.rsplit("in ")[-1].split()[0]) for message in said]

    asyncio.run(scenario())
    assert not paused.is_set()
    assert pauses()[:2] == [0.25, 0.5]
    assert "no_such_module" in (place.jobs / "run" / "worker.log").read_text()


def test_a_worker_that_is_killed_before_it_owns_the_jobs_is_not_started_again_at_once(
    place: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As when the system takes it for too large while it imports its handlers."""
    (tmp_path / "too_large.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")

    def pauses() -> list[str]:
        said = [r.getMessage() for r in caplog.records if "ended with an error" in r.getMessage()]
        return [message.rsplit("in ")[-1] for message in said]

    async def scenario() -> None:
        async with kept(place, f"{tmp_path / 'too_large.py'}:queue").keeping_worker():
            await soon(lambda: len(pauses()) >= 2)

    asyncio.run(scenario())
    assert pauses()[:2] == ["0.25 s.", "0.5 s."]


def test_ctrl_c_in_the_program_does_not_reach_its_worker(place: Place) -> None:
    process = keeper.start_worker(HANDLERS, place.jobs / "run" / "worker.log")
    try:
        assert os.getsid(process.pid) == process.pid != os.getsid(0)
    finally:
        process.kill()
        process.wait()


def test_a_queue_that_no_worker_could_find_is_refused_before_anything_is_on_the_disk(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = JobQueue(tmp_path / "jobs")

        @queue.job("local")
        async def local(job: object) -> None:
            raise AssertionError

        with pytest.raises(LongtakeError, match="must be able to import this queue"):
            await queue.submit("local")
        assert (await queue.find()).jobs == []

    asyncio.run(scenario())


def test_a_program_run_as_a_module_is_found_under_its_real_name(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "program.py").write_text(
        "from longtake import JobContext, JobQueue\n"
        f"queue = JobQueue({str(tmp_path / 'jobs')!r})\n"
        "@queue.job('hello')\n"
        "async def hello(job: JobContext) -> None: ...\n"
        "print(queue.target())\n"
    )
    for command in (["-m", "package.program"], ["package/program.py"]):
        said = subprocess.check_output([sys.executable, *command], cwd=tmp_path, text=True, timeout=20).strip()
        expected = "package.program:queue" if command[0] == "-m" else f"{package / 'program.py'}:queue"
        assert said in {expected, "package/program.py:queue"}


def test_attending_ends_with_the_process(place: Place) -> None:
    program = (
        "import sys, time\n"
        "from longtake.stores.files import FilesStore\n"
        "leave = FilesStore(sys.argv[1]).attend()\nprint('here', flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(place.jobs)], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        store = FilesStore(place.jobs)
        assert store.is_attended()
        process.kill()
        process.wait()
        assert not store.is_attended()
