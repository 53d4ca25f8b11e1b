"""Blocking functions run in child processes: what comes back, and what becomes of a child that dies."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import handlers_plain as plain
import pytest
from stepping import NOW, run
from support import QUICK, eventually, is_alive, job_is, soon

from longtake import (
    InvalidArgs,
    JobContext,
    JobFailed,
    JobQueue,
    JobStatus,
    RetryAfter,
)


def test_a_big_value_comes_back_whole_from_a_child_and_from_the_journal(tmp_path: Path) -> None:
    async def body(job: JobContext) -> int:
        value = await job.step("big", plain.big, 5_000_000)
        if job.attempt == 1:
            raise RetryAfter(0)
        return len(value)

    assert run(tmp_path, body, retries=NOW) == 5_000_000


def test_a_child_may_print_and_take_any_number_of_arguments(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def body(job: JobContext) -> Any:
        return [await job.step("print", plain.printing, "word"), await job.step("sum", plain.total, 1, 2, 3)]

    assert run(tmp_path, body) == ["WORD", 6]
    assert "word" in capfd.readouterr().out


def test_a_child_that_dies_is_told_with_its_exit_code(tmp_path: Path) -> None:
    async def body(job: JobContext) -> None:
        await job.step("die", plain.dies)

    with pytest.raises(JobFailed, match=r"dies died \(exit code 7\)"):
        run(tmp_path, body)


def test_functions_that_another_process_cannot_find_are_refused_with_the_way_out(tmp_path: Path) -> None:
    class Here:
        def method(self) -> int:
            return 1

    async def body(job: JobContext) -> None:
        for name, function in {"lambda": lambda: 1, "local": lambda_like, "method": Here().method}.items():
            with pytest.raises(InvalidArgs, match="at the top of a module"):
                await job.step(name, function)

    def lambda_like() -> int:
        return 1

    run(tmp_path, body)


def test_what_a_child_has_started_ends_with_it(tmp_path: Path) -> None:
    pids = tmp_path / "pids"

    async def scenario() -> None:
        queue = JobQueue(tmp_path / "jobs", mode="inline")

        @queue.job("family")
        async def family(job: JobContext) -> None:
            await job.step("wait", plain.parent_of_another, str(pids))

        async with queue.working(QUICK):
            job = await queue.submit("family")
            await soon(pids.exists)
            await queue.cancel(job.id)
            await job_is(queue, job.id, "cancelled")

    asyncio.run(scenario())
    eventually(lambda: not is_alive(int(pids.read_text())))


def test_a_function_of_the_program_itself_runs_in_a_child(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import asyncio, os\n"
        "from longtake import JobContext, JobQueue\n"
        f"queue = JobQueue({str(tmp_path / 'jobs')!r}, mode='inline')\n"
        "def pid() -> int:\n    return os.getpid()\n"
        "@queue.job('pids')\n"
        "async def pids(job: JobContext) -> list[int]:\n    return [os.getpid(), await job.step('pid', pid)]\n"
        "async def main() -> None:\n"
        "    async with queue.working():\n"
        "        print(*await queue.result((await pids.submit()).id))\n"
        "if __name__ == '__main__':\n    asyncio.run(main())\n"
    )
    mine, childs = subprocess.check_output([sys.executable, script], text=True, timeout=20).split()
    assert mine != childs
    assert int(childs) != os.getpid()


def test_a_handler_that_wants_to_end_the_process_only_fails_its_job(tmp_path: Path) -> None:
    async def scenario() -> None:
        queue = JobQueue(tmp_path / "jobs", mode="inline")

        async def leaves() -> None:
            raise SystemExit(3)

        @queue.job("leaves")
        async def handler(job: JobContext) -> None:
            raise SystemExit(3)

        @queue.job("step leaves")
        async def handler_of_step(job: JobContext) -> None:
            await job.step("leave", leaves)

        async with queue.working(QUICK):
            for kind in ("leaves", "step leaves"):
                job = await queue.submit(kind)
                failed = await job_is(queue, job.id, "failed")
                assert "wanted to end the whole worker" in (failed.error or "")
                assert failed.status is JobStatus.FAILED

    asyncio.run(scenario())
