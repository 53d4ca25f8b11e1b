"""`longtake watch`: it follows, it lets go, and its exit code says how the job ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from folder_of_jobs import Folder
from support import Place, eventually

from longtake import JobStatus


@contextmanager
def watching(place: Place, job_id: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command, on a pipe."""
    command = [sys.executable, "-m", "longtake", "watch", job_id, "--dir", str(place.jobs), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process


def line(process: subprocess.Popen[str]) -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_watch_ends_with_the_job_and_its_exit_code_says_how(folder: Folder) -> None:
    code, out, err = folder.run("watch", folder.ids["done"])
    assert (code, out) == (0, "completed 100 %  A greeting\n")
    assert f"longtake show {folder.ids['done']}" in err
    code, out, _ = folder.run("watch", folder.ids["failed"])
    assert (code, "no luck" in out) == (1, True)
    folder.run("cancel", folder.ids["waiting"])
    assert folder.run("watch", folder.ids["waiting"])[0] == 3
    assert folder.json("watch", folder.ids["done"])["status"] == "completed"


def test_time_is_up_after_the_timeout_and_the_job_goes_on(folder: Folder) -> None:
    code, out, err = folder.run("watch", folder.ids["waiting"], "--timeout", "2")
    assert (code, out) == (124, "pending     0 %  hello\n")
    assert "No worker runs" in err
    assert f"longtake watch {folder.ids['waiting']} --dir {folder.jobs}" in err


def test_ctrl_c_while_watching_leaves_the_job_running_and_says_how_to_come_back(place: Place) -> None:
    with place.worker():
        job = asyncio.run(place.queue().submit("gates", names=["one"]))
        eventually(lambda: place.queue().store.read(job.id).status is JobStatus.RUNNING)
        with watching(place, job.id[:20]) as process:
            assert "running" in line(process)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=10)
        assert (process.returncode, out) == (130, "")
        assert f"longtake watch {job.id} --dir {place.jobs}" in err
        assert "Traceback" not in err
        place.open("one")
        assert asyncio.run(place.queue().result(job.id, timeout=10)) == ["one"]


def test_in_a_pipe_each_change_is_a_plain_line_and_with_json_a_document(place: Place) -> None:
    with place.worker():
        job = asyncio.run(place.queue().submit("gates", names=["one"], title="\x1b[31mRed\n"))
        eventually(lambda: place.queue().store.read(job.id).status is JobStatus.RUNNING)
        with watching(place, job.id) as plain, watching(place, job.id, "--json") as documents:
            assert line(plain) == "running     0 %  \N{REPLACEMENT CHARACTER}[31mRed\n"
            assert json.loads(line(documents))["status"] == "running"
            place.open("one")
            assert plain.communicate(timeout=20)[0].splitlines()[-1].startswith("completed 100 %")
            *_, last = documents.communicate(timeout=20)[0].splitlines()
            assert json.loads(last)["result"] == ["one"]
        assert (plain.returncode, documents.returncode) == (0, 0)


def test_a_job_that_is_deleted_while_it_is_watched_is_said_to_be_gone(folder: Folder) -> None:
    place = folder.jobs
    command = [sys.executable, "-m", "longtake", "watch", folder.ids["waiting"], "--dir", str(place)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert "pending" in line(process)
        folder.run("delete", folder.ids["waiting"])
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "There is no job" in err
