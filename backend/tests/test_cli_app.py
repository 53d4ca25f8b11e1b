"""The command line as people and scripts use it: no server runs, only the data folder and its worker."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from films import tiny_film
from servers import COMPARE
from shells import Shell
from waiting import eventually

from longtake import Edit, JobQueue


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("cli"))
    yield shell
    shell("stop")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("films") / "my film.mp4"
    path.write_bytes(tiny_film())
    return str(path)


@pytest.fixture(scope="module")
def compared(shell: Shell, film: str) -> str:
    """The id of a finished comparison of two cells."""
    said = shell("compare", film, "-p", "=What [b]happens[/b]?", "-m", "local/scenes", "-m", "demo/stream", "--json")
    return str(json.loads(said.stdout)["job"]["job_id"])


@pytest.fixture
def running(shell: Shell, film: str) -> Iterator[str]:
    """The id of a comparison that takes some seconds."""
    prompts = [word for number in range(60) for word in ("-p", f"Question {number}")]
    job_id = str(shell.json("compare", film, *prompts, "-m", "demo/stream", "--detach")["job_id"])
    yield job_id
    subprocess.run([str(COMPARE), "jobs", "cancel", job_id], env=shell.environment, capture_output=True, check=False)


def test_a_comparison_prints_its_progress_aside_and_its_answers_out(shell: Shell, film: str) -> None:
    said = shell("compare", film, "-p", "What happens?", "-m", "local/scenes", "-m", "demo/stream")
    assert "#### local/scenes: answered" in said.stdout
    assert "> What happens?" in said.stdout
    assert "Storing my film.mp4" in said.stderr
    lines = said.stderr.splitlines()
    assert any(line.startswith("running") and " % " in line for line in lines)
    assert lines[-1].startswith("completed 100 %")
    assert "\x1b" not in said.stdout + said.stderr


def test_a_terminal_sees_a_bar(shell: Shell, film: str) -> None:
    ours, theirs = pty.openpty()
    process = shell.start("compare", film, "-p", "?", "-m", "local/scenes", stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # how Linux says that the other side is closed
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    answers, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "━" in seen.decode(errors="replace")
    assert "local/scenes: answered" in answers


def test_the_answers_come_in_each_format(shell: Shell, compared: str, tmp_path: Path) -> None:
    assert len(json.loads(shell("jobs", "result", compared, "--json").stdout)["cells"]) == 2
    rows = list(csv.DictReader(io.StringIO(shell("jobs", "result", compared, "--csv").stdout)))
    assert [row["model"] for row in rows] == ["local/scenes", "demo/stream"]
    assert rows[0]["prompt"] == "'=What [b]happens[/b]?"
    assert shell("jobs", "result", compared, "--md").stdout.startswith("# Compare 2 models on my film.mp4")
    page = tmp_path / "answers.html"
    said = shell("jobs", "result", compared, "-o", str(page))
    assert (said.stdout, str(page) in said.stderr) == ("", True)
    assert page.read_text().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["answers.html"]


def test_interrupting_the_wait_leaves_the_job_running(shell: Shell, running: str) -> None:
    watching = shell.start("jobs", "watch", running)
    assert watching.stdout is not None
    eventually(lambda: "running" in watching.stdout.readline())  # type: ignore[union-attr]
    watching.send_signal(signal.SIGINT)
    _, stderr = watching.communicate(timeout=20)
    assert watching.returncode == 130
    assert f"longtake-compare jobs watch {running}" in stderr
    assert "Traceback" not in stderr
    before = shell.job(running)["steps"]
    eventually(lambda: shell.job(running)["steps"] > before)
    assert shell.job(running)["status"] == "running"


def test_interrupting_a_comparison_leaves_its_job_running(shell: Shell, film: str) -> None:
    process = shell.start("compare", film, *("-p", "One?", "-p", "Two?", "-p", "Three?"), "-m", "demo/stream")
    assert process.stderr is not None
    eventually(lambda: "running" in process.stderr.readline())  # type: ignore[union-attr]
    process.send_signal(signal.SIGINT)
    answers, stderr = process.communicate(timeout=20)
    assert (process.returncode, answers) == (130, "")
    job_id = stderr.split("jobs watch ")[1].split()[0]
    assert shell("jobs", "watch", job_id).stdout.splitlines()[-1].startswith("completed 100 %")


def test_a_wait_that_takes_too_long_ends_with_124(shell: Shell, running: str) -> None:
    said = shell("jobs", "watch", running, "--timeout", "0.3", code=124)
    assert f"jobs watch {running}" in said.stderr
    assert shell.job(running)["status"] in {"pending", "running"}


def test_a_cancelled_job_ends_its_wait_with_3(shell: Shell, running: str) -> None:
    watching = shell.start("jobs", "watch", running, "--json")
    assert watching.stdout is not None
    first = json.loads(watching.stdout.readline())
    assert first["job_id"] == running
    shell("jobs", "cancel", running)
    rest, _ = watching.communicate(timeout=20)
    assert watching.returncode == 3
    assert [json.loads(line)["status"] for line in rest.splitlines()][-1] == "cancelled"
    assert shell("jobs", "result", running, "--csv", code=3).stdout.count("demo/stream") >= 60


def test_a_failed_job_ends_its_wait_with_1_and_is_retried(shell: Shell) -> None:
    job_id = shell.submit()
    said = shell("jobs", "watch", job_id, code=1)
    assert "is gone" in said.stdout
    assert "failed" in shell("jobs", "show", job_id).stdout
    assert shell("jobs", "retry", job_id, "--failed").stdout.startswith(job_id)
    shell("jobs", "watch", job_id, code=1)
    assert len(shell.job(job_id)["attempts"]) == 2
    assert "no cell" in shell("jobs", "retry", job_id, "--cell", "1.1.2", code=2).stderr


def test_jobs_are_listed_shown_and_deleted(shell: Shell, compared: str) -> None:
    assert compared not in shell("jobs", "ls", "--status", "failed").stdout
    listed = shell.json("jobs", "ls", "-q", "my film")
    assert compared in [job["job_id"] for job in listed["jobs"]]
    shown = shell("jobs", "show", compared).stdout
    assert "cell 1.1.1" in shown
    assert shell.json("jobs", "show", compared)["status"] == "completed"
    job_id = shell.submit()
    shell("jobs", "watch", job_id, code=1)
    assert shell("jobs", "rm", job_id).stdout == f"{job_id} deleted\n"
    assert not list((shell.data / "jobs").glob(f"{job_id}*"))


def test_all_jobs_that_match_are_acted_on(shell: Shell, compared: str, tmp_path: Path) -> None:
    mine = [shell.submit(prompts=[f"Zebra {number}?"]) for number in range(3)]
    for job_id in mine:
        shell("jobs", "watch", job_id, code=1)
    queue = JobQueue(shell.data / "jobs", mode="external")
    for job_id in mine[:2]:
        asyncio.run(queue.edit(job_id, Edit(title="Zebra", tags=("striped",))))
    matching = ("--tag", "striped", "--all-matching")
    assert shell("jobs", "cancel", *matching).stderr == "There are no such jobs.\n"
    retried = shell("jobs", "retry", *matching, "--status", "failed").stdout
    assert {line.split()[0] for line in retried.splitlines()} == set(mine[:2])
    for job_id in mine[:2]:
        shell("jobs", "watch", job_id, code=1)
        assert len(shell.job(job_id)["attempts"]) == 2
    assert len(shell.job(mine[2])["attempts"]) == 1
    written = shell("jobs", "export", compared, *mine, "--format", "csv", "-o", str(tmp_path / "new")).stdout
    assert sorted(written.splitlines()) == sorted(map(str, (tmp_path / "new").iterdir()))
    assert len(written.splitlines()) == 4
    assert "--yes" in shell("jobs", "rm", *matching, code=2).stderr
    assert "2 jobs" in shell("jobs", "rm", *matching, "--dry-run").stderr
    assert shell.job(mine[0])["status"] == "failed"
    shell("jobs", "rm", *matching, "--yes")
    assert [shell.has(job_id) for job_id in mine] == [False, False, True]


def test_one_job_that_refuses_does_not_keep_the_others_from_it(shell: Shell, compared: str, running: str) -> None:
    said = shell("jobs", "cancel", compared, running, code=1)
    assert compared in said.stderr
    assert said.stdout.startswith(running)


def test_old_jobs_are_cleaned_up(shell: Shell, compared: str) -> None:
    assert "0 jobs" in shell("jobs", "cleanup").stdout
    said = shell.json("jobs", "cleanup", "--days", "0", "--dry-run")
    assert said["dry_run"] is True
    assert said["jobs"] >= 1
    assert shell.job(compared)["status"] == "completed"


def test_a_job_answers_to_the_beginning_of_its_id(shell: Shell, compared: str) -> None:
    assert shell.json("jobs", "show", compared[:-1].upper())["job_id"] == compared
    shell.submit()
    said = shell("jobs", "show", "0", code=2)
    assert "more letters" in said.stderr
    for unknown in ("", "../../etc/passwd", "0" * 26):
        assert "There is no job" in shell("jobs", "show", unknown, code=2).stderr


def test_videos_are_added_listed_and_deleted(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blue\x1b[31m.mp4"
    path.write_bytes(tiny_film("blue"))
    (added,) = shell.json("videos", "add", str(path))["videos"]
    assert added["duplicate"] is False
    assert "was there already" in shell("videos", "add", str(path)).stdout
    assert added["video_id"] in [video["video_id"] for video in shell.json("videos", "ls")["videos"]]
    assert shell("videos", "rm", added["video_id"][:8]).stdout == f"{added['video_id']} deleted\n"
    assert not (shell.data / "uploads" / added["video_id"]).exists()


def test_a_video_that_a_job_needs_is_deleted_only_by_force(shell: Shell, running: str) -> None:
    video_id = shell.job(running)["args"]["video_ids"][0]
    said = shell("videos", "rm", video_id, code=2)
    assert running in said.stderr
    assert (shell.data / "uploads" / video_id).exists()


def test_a_file_that_is_no_video_is_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film" * 100)
    said = shell("videos", "add", str(path), code=1)
    assert said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["compare", "missing.mp4", "-p", "?", "-m", "local/scenes"], "no file missing.mp4"),
        (["compare", "missing", "-p", "?", "-m", "local/scenes"], "no video"),
        (["compare", "x", "-p", "?", "-m", "local/scene"], "local/scenes"),
        (["compare", "x", "-p", "?"], "--model"),
        (["compare", "x", "-p", "?", "-m", "local/scenes", "--json", "--csv"], "--json, --csv"),
        (["compare", "x", "-p", "?", "-m", "local/scenes", "-o", "answers.exe"], ".html"),
        (["jobs", "ls", "--status", "unknown"], "pending"),
        (["jobs", "retry", "x", "--failed", "--fresh"], "Choose one"),
        (["nonsense"], "nonsense"),
        (["jobs", "rm"], "--all-matching"),
        (["jobs", "rm", "x", "--all-matching"], "not both"),
        (["jobs", "cancel", "--status", "pending"], "--all-matching"),
        (["jobs", "cancel", "x", "--tag", "y"], "--all-matching"),
    ],
)
def test_words_that_make_no_sense_end_with_2_and_say_why(shell: Shell, words: list[str], reason: str) -> None:
    assert reason in shell(*words, code=2).stderr


def test_a_prompt_that_cannot_be_is_refused(shell: Shell, film: str) -> None:
    assert "prompt" in shell("compare", film, "-p", " ", "-m", "local/scenes", code=2).stderr


def test_a_model_that_lacks_its_key_is_refused_with_the_remedy(shell: Shell, film: str) -> None:
    said = shell("compare", film, "-p", "?", "-m", "gemini-2.5-flash", code=2)
    assert "GEMINI_API_KEY" in said.stderr


def test_models_are_listed(shell: Shell) -> None:
    models = {model["id"]: model for model in shell.json("models")["models"]}
    assert models["local/scenes"]["available"] is True
    available = shell("models", "--available").stdout
    assert "local/scenes" in available
    assert "✗" not in available


@pytest.mark.parametrize("words", [["jobs", "show"], ["jobs", "result"]])
def test_a_reader_that_goes_away_is_not_told_of_a_defect(shell: Shell, compared: str, words: list[str]) -> None:
    process = shell.start(*words, compared, "--json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=20) in {0, 1}
