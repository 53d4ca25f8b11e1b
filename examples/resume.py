"""Kill -9 in the middle of a job, and watch it go on: `python resume.py`.

The job adds up five numbers, one recorded step each. After the second one its worker is killed. The next worker is
started by itself, and does only what was not done.
"""

import asyncio
import os
import signal
from pathlib import Path

from longtake import JobContext, JobQueue

job_queue = JobQueue("./jobs")
calls = Path("calls.txt")


def note(number: int) -> None:
    """So that we see how often it was really called."""
    with calls.open("a") as file:
        file.write(f"{number}\n")


async def square(number: int) -> int:
    note(number)
    await asyncio.sleep(0.3)
    return number * number


@job_queue.job("add up")
async def add_up(job: JobContext, numbers: list[int]) -> int:
    total = 0
    for done, number in enumerate(numbers):
        await job.report(100 * done / len(numbers), f"Square of {number}")
        total += await job.step(f"square of {number}", square, number)
    return total


async def main() -> None:
    submitted = await add_up.submit(numbers=[1, 2, 3, 4, 5])
    is_killed = False
    async for job in job_queue.watch(submitted.id):
        print(f"{job.status:9} {job.progress:3.0f} %  {job.steps} steps recorded  {job.progress_message}")
        worker = job_queue.worker()
        if job.steps >= 2 and worker is not None and not is_killed:
            print(f"kill -9 {worker.pid}")
            os.kill(worker.pid, signal.SIGKILL)
            is_killed = True
    print(f"result: {job.result}")
    for attempt in job.attempts:
        print(f"attempt {attempt.number}: {attempt.outcome} {attempt.error or ''}")


if __name__ == "__main__":
    calls.unlink(missing_ok=True)
    asyncio.run(main())
    print(f"calls: {calls.read_text().split()}")
