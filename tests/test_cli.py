"""The command line, as a person at a terminal or a script uses it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import QUICK, Place

from longtake import JobContext, JobQueue
from longtake.cli import main


class Folder:
    """A folder with some jobs, and the command line for it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.jobs = folder / "jobs"
        self.capsys = capsys
        self.ids = asyncio.run(self._fill())

    async def _fill(self) -> dict[str, str]:
        queue = JobQueue(self.jobs, mode="inline")

        @queue.job("hello")
        async def hello(job: JobContext, name: str) -> str:
            return await job.step("greet", greet, name)

        @queue.job("failing")
        async def failing(job: JobContext) -> None:
            await job.report(40, "half way")
            raise ValueError("no luck")

        async with queue.working(QUICK):
            done = await queue.submit("hello", name="you", title="A greeting")
            failed = await queue.submit("failing")
            await queue.result(done.id, timeout=10)
            async for _ in queue.watch(failed.id):
                pass
        waiting = await queue.submit("hello", name="later")
        return {"done": done.id, "failed": failed.id, "waiting": waiting.id}

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, output and errors of a command."""
        self.capsys.readouterr()
        code = main([*words, "--dir", str(self.jobs)])
        out, err = self.capsys.readouterr()
        return code, out, err

    def json(self, *words: str) -> Any:
        """What a command prints as JSON."""
        code, out, _ = self.run(*words, "--json")
        assert code == 0
        return json.loads(out)


async def greet(name: str) -> str:
    """Greet."""
    return f"hello {name}"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Folder:
    """Three jobs: one done, one failed, one waiting."""
    return Folder(tmp_path, capsys)


def test_list_shows_one_line_a_job_newest_first(folder: Folder) -> None:
    code, out, _ = folder.run("list")
    assert code == 0
    lines = out.splitlines()
    assert [line[:26] for line in lines[1:]] == [folder.ids["waiting"], folder.ids["failed"], folder.ids["done"]]
    assert "A greeting" in out
    assert "no luck" in out
    assert [job["id"] for job in folder.json("list", "--status", "failed")] == [folder.ids["failed"]]
    assert [job["id"] for job in folder.json("list", "--kind", "hello", "--limit", "1")] == [folder.ids["waiting"]]
    assert "--limit 2" in folder.run("list", "--limit", "1")[1]


def test_list_of_a_folder_that_is_not_there_is_empty_and_makes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--dir", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out == "No jobs.\n"
    assert not (tmp_path / "none").exists()


def test_show_tells_a_job_whole_also_by_a_unique_beginning_of_its_id(folder: Folder) -> None:
    code, out, _ = folder.run("show", folder.ids["done"], "--steps")
    assert code == 0
    for words in ("A greeting", "completed", '"name": "you"', "attempt 1", "greet", "hello you"):
        assert words in out
    shown = folder.json("show", folder.ids["done"][:22].upper(), "--steps")
    assert shown["result"] == "hello you"
    assert [step["name"] for step in shown["recorded_steps"]] == ["greet"]


def test_an_ambiguous_or_unknown_id_is_an_error_that_says_what_to_do(folder: Folder) -> None:
    for command in ("show", "watch", "cancel", "retry"):
        code, out, err = folder.run(command, folder.ids["done"][:3])
        assert (code, out) == (1, "")
        assert "3 jobs begin with" in err
        assert "more letters" in err
        code, out, err = folder.run(command, "0" * 26)
        assert (code, out) == (1, "")
        assert "There is no job" in err


def test_cancel_and_retry_say_what_became_of_the_job(folder: Folder) -> None:
    waiting = folder.ids["waiting"]
    assert folder.run("cancel", waiting)[1] == f"{waiting} cancelled\n"
    code, _, err = folder.run("cancel", waiting)
    assert code == 1
    assert "cannot be cancelled" in err
    code, out, _ = folder.run("retry", waiting)
    assert code == 0
    assert f"{waiting} pending." in out
    assert "No worker is running" in out
    assert folder.json("cancel", waiting)["status"] == "cancelled"
    assert folder.json("retry", folder.ids["done"], "--fresh")["steps"] == 0


def test_cleanup_counts_and_deletes(folder: Folder) -> None:
    planned = folder.json("cleanup", "--days", "0", "--dry-run")
    assert planned["jobs"] == 2
    assert planned["dry_run"] is True
    assert "2 jobs" in folder.run("cleanup", "--days", "0")[1]
    assert [job["id"] for job in folder.json("list")] == [folder.ids["waiting"]]


def test_watch_ends_with_the_job_and_its_exit_code_says_how(folder: Folder) -> None:
    assert folder.run("watch", folder.ids["done"])[0] == 0
    code, out, _ = folder.run("watch", folder.ids["failed"])
    assert code == 1
    assert "no luck" in out
    folder.run("cancel", folder.ids["waiting"])
    assert folder.run("watch", folder.ids["waiting"])[0] == 3
    assert folder.json("watch", folder.ids["done"])["status"] == "completed"


def test_wrong_usage_is_exit_code_2(folder: Folder) -> None:
    for words in (["explode"], ["list", "--status", "odd"], [], ["show"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2


def test_ctrl_c_while_watching_leaves_the_job_running_and_says_how_to_come_back(place: Place) -> None:
    with place.worker():
        job = asyncio.run(place.queue().submit("gates", names=["one"]))
        place.noted("begin one")
        command = [sys.executable, "-m", "longtake", "watch", job.id[:20], "--dir", str(place.jobs)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
            assert watching.stdout is not None
            assert "running" in watching.stdout.readline()
            watching.send_signal(signal.SIGINT)
            out, err = watching.communicate(timeout=10)
        assert watching.returncode == 130
        assert f"longtake watch {job.id} --dir {place.jobs}" in out
        assert "Traceback" not in err
        place.open("one")
        assert asyncio.run(place.queue().result(job.id, timeout=10)) == ["one"]


def test_a_reader_that_goes_away_is_no_error(folder: Folder) -> None:
    command = f"{sys.executable} -m longtake list --json --dir {folder.jobs} | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, timeout=20, check=False,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_the_folder_is_taken_from_the_environment(folder: Folder) -> None:
    said = subprocess.check_output(
        [sys.executable, "-m", "longtake", "list"], text=True, timeout=20,
        env=os.environ | {"LONGTAKE_DIR": str(folder.jobs)},
    )  # fmt: skip
    assert folder.ids["done"] in said
