"""Real workers as processes of their own, and real signals."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

from support import HANDLERS, Place, eventually, is_alive, job_is

from longtake import JobStatus

SCRIPT = """
import asyncio, os
from longtake import JobContext, JobQueue

queue = JobQueue(os.environ["LONGTAKE_TEST_JOBS"])

@queue.job("hello")
async def hello(job: JobContext, name: str) -> str:
    return f"hello {name}"

if __name__ == "__main__":
    print(asyncio.run(queue.submit("hello", name="you")).id)
"""


def test_a_job_goes_on_without_its_submitter_and_auto_mode_starts_the_worker(place: Place, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(SCRIPT)
    job_id = subprocess.check_output([sys.executable, script], text=True, timeout=20).strip()
    job = asyncio.run(job_is(place.queue(), job_id, "completed"))
    assert job.result == "hello you"


def test_a_worker_finds_its_queue_by_module_name(place: Place) -> None:
    async def scenario() -> None:
        queue = place.queue()
        job = await queue.submit("marks", name="a", count=2)
        assert (await queue.result(job.id, timeout=20)) == 2

    with place.worker(target="handlers_gated:queue"):
        asyncio.run(scenario())


def test_a_worker_ends_when_idle_but_not_while_a_program_attends(place: Place) -> None:
    async def scenario(process: subprocess.Popen[bytes]) -> float:
        leave = place.queue().store.attend()
        job = await place.queue().submit("marks", name="a", count=1)
        await job_is(place.queue(), job.id, "completed")
        attended_until = time.monotonic() + 1.0
        while time.monotonic() < attended_until:
            assert process.poll() is None
            await asyncio.sleep(0.05)
        leave()
        return time.monotonic()

    with place.worker("--until-idle", "--idle", "0.3") as process:
        left = asyncio.run(scenario(process))
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - left < 3.5


def test_a_killed_worker_is_replaced_and_its_job_goes_on_within_two_seconds(place: Place) -> None:
    async def scenario() -> float:
        queue = place.queue()
        queue.mode = "auto"
        async with queue.keeping_worker():
            job = await queue.submit("gates", names=["one", "two", "three"])
            place.open("one")
            await asyncio.to_thread(place.noted, "begin two")
            pid = place.worker_pid()
            place.kill_worker()
            killed = time.monotonic()
            await asyncio.to_thread(eventually, lambda: place.ledger().count("begin two") == 2)
            again = time.monotonic() - killed
            assert place.worker_pid() != pid
            place.open("two")
            place.open("three")
            assert await queue.result(job.id, timeout=20) == ["one", "two", "three"]
        assert place.ledger().count("begin one") == 1
        return again

    seconds = asyncio.run(scenario())
    print(f"resumed after {seconds:.2f} s")
    assert seconds < 2.0


def test_sigterm_lets_the_running_step_end_and_the_job_goes_on_later(place: Place) -> None:
    queue = place.queue()
    with place.worker() as process:
        job = asyncio.run(queue.submit("gates", names=["one", "two"]))
        place.noted("begin one")
        process.send_signal(signal.SIGTERM)
        place.open("one")
        assert process.wait(timeout=10) == 0
    stopped = asyncio.run(queue.get(job.id))
    assert stopped.status is JobStatus.PENDING
    assert stopped.failures == 0
    assert (stopped.attempts[-1].outcome, stopped.attempts[-1].error) == ("interrupted", "worker stopped")
    assert [step.name for step in asyncio.run(queue.steps(job.id))] == ["one"]
    assert "begin two" not in place.ledger()
    place.open("two")
    with place.worker():
        assert asyncio.run(queue.result(job.id, timeout=20)) == ["one", "two"]
    assert place.ledger().count("begin one") == 1


def test_the_grace_period_ends_a_step_that_does_not_end_by_itself(place: Place) -> None:
    with place.worker("--grace", "0.2") as process:
        job = asyncio.run(place.queue().submit("gates", names=["never"]))
        place.noted("begin never")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
    assert asyncio.run(place.queue().get(job.id)).attempts[-1].outcome == "interrupted"


def test_a_second_sigterm_ends_the_worker_at_once(place: Place) -> None:
    with place.worker("--grace", "60") as process:
        asyncio.run(place.queue().submit("gates", names=["never"]))
        place.noted("begin never")
        process.send_signal(signal.SIGTERM)
        log = place.jobs.parent / "worker.out"
        eventually(lambda: "stopping" in log.read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=2) == -signal.SIGTERM


def test_a_second_worker_stands_by_and_takes_over_within_half_a_second(place: Place) -> None:
    with place.worker() as first:
        eventually(lambda: place.worker_pid() == first.pid)
        with place.worker() as second:
            log = place.jobs.parent / "worker.out"
            eventually(lambda: "standing by" in log.read_text())
            asyncio.run(place.queue().submit("gates", names=["one"]))
            place.noted("begin one")
            first.kill()
            killed = time.monotonic()
            eventually(lambda: place.ledger().count("begin one") == 2)
            seconds = time.monotonic() - killed
            assert place.worker_pid() == second.pid
    print(f"taken over after {seconds:.3f} s")
    assert seconds < 0.5


def living_owner(place: Place, workers: tuple[subprocess.Popen[bytes], ...]) -> subprocess.Popen[bytes] | None:
    """For a moment after a kill the folder still names the dead one."""
    pid = place.worker_pid()
    return next((worker for worker in workers if worker.pid == pid and worker.poll() is None), None)


def test_of_three_racing_workers_one_at_a_time_runs_the_jobs(place: Place) -> None:
    queue = place.queue()
    jobs = [asyncio.run(queue.submit("owned", name=str(number))) for number in range(6)]
    with place.worker() as one, place.worker() as two, place.worker() as three:
        for _ in range(2):
            eventually(lambda: place.ledger("own"))
            owner = eventually(lambda: living_owner(place, (one, two, three)))
            owner.kill()
            owner.wait()
        for job in jobs:
            asyncio.run(queue.result(job.id, timeout=20))
    lines = [line.split() for line in place.ledger("own")]
    assert all(seen == pid for _, pid, seen in lines), "a step ran in a worker that was not the owner"
    assert len({pid for _, pid, _ in lines}) >= 2


def test_the_worker_says_what_is_wrong_with_its_target(place: Place) -> None:
    for target, said in {
        "handlers_gated": "is not module:name",
        "handlers_gated:nothing": "has nothing named",
        "handlers_gated:marks": "is no JobQueue",
        "no_such_module:queue": "no_such_module",
    }.items():
        done = subprocess.run(
            [sys.executable, "-m", "longtake", "work", target], capture_output=True, text=True, check=False,
            cwd=Path(HANDLERS).parent, timeout=20,
        )  # fmt: skip
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_child_process_ends_when_its_worker_is_killed(place: Place) -> None:
    with place.worker() as process:
        asyncio.run(place.queue().submit("child", gate="never"))
        child = int(eventually(lambda: place.ledger("child"))[0].split()[2])
        assert is_alive(child)
        process.kill()
        eventually(lambda: not is_alive(child), 2.0)
