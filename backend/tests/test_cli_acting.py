"""Commands that choose jobs and act on them: since when, what came of each as JSON, and a single cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from films import tiny_film
from shells import Shell
from waiting import eventually


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("acting"), LONGTAKE_COMPARE_DEMO_STREAM_SECONDS="60")
    yield shell
    shell("stop")


def test_jobs_are_chosen_by_the_time_of_their_creation(shell: Shell) -> None:
    job_id = shell.submit()
    recent = [job["job_id"] for job in shell.json("jobs", "ls", "--since", "1h")["jobs"]]
    assert job_id in recent
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    assert shell.json("jobs", "ls", "--since", tomorrow) == {"jobs": []}
    assert shell.json("jobs", "rm", "--all-matching", "--since", tomorrow) == {"jobs": []}
    assert shell.has(job_id)
    assert "--all-matching" in shell("jobs", "rm", "x", "--since", "1h", code=2).stderr
    assert "is no time" in shell("jobs", "ls", "--since", "soon", code=2).stderr


def test_what_came_of_each_job_is_told_as_json(shell: Shell) -> None:
    job_id, other = shell.submit(), shell.submit()
    for each in (job_id, other):
        shell("jobs", "watch", each, code=1)
    done = shell.json("jobs", "retry", job_id, "--failed")
    assert done["jobs"][0]["outcome"] in {"pending", "running", "failed"}
    shell("jobs", "watch", job_id, code=1)
    refused = json.loads(shell("jobs", "cancel", job_id, "--json", code=1).stdout)
    assert refused["jobs"] == [{"job_id": job_id, "error": f"Job {job_id} is failed: it cannot be cancelled."}]
    planned = shell.json("jobs", "rm", job_id, other, "--dry-run")
    assert planned == {"jobs": [{"job_id": each, "outcome": "would be deleted"} for each in (job_id, other)]}
    assert shell.json("jobs", "rm", job_id) == {"jobs": [{"job_id": job_id, "outcome": "deleted"}]}
    assert (shell.has(job_id), shell.has(other)) == (False, True)


def test_one_cell_is_cancelled_and_the_others_are_answered(shell: Shell, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(tiny_film())
    asked = shell.json("compare", str(film), "-p", "?", "-m", "demo/stream", "-m", "local/quality", "--detach")
    job_id = asked["job_id"]
    eventually(lambda: shell.job(job_id)["steps"])
    assert "no cell" in shell("jobs", "cancel", job_id, "--cell", "9.9.9", code=2).stderr
    assert shell("jobs", "cancel", job_id, "--cell", "1.1.1").stdout == f"{job_id} stopping\n"
    shell("jobs", "watch", job_id)
    cells = {cell["model"]: cell["state"] for cell in shell.json("jobs", "result", job_id)["cells"]}
    assert cells == {"demo/stream": "cancelled", "local/quality": "completed"}
    assert [job["job_id"] for job in shell.json("jobs", "ls", "--about", "demo/stream")["jobs"]] == [job_id]
    assert shell.json("jobs", "ls", "--about", "local/text") == {"jobs": []}
    late = shell("jobs", "cancel", job_id, "--cell", "1.1.1", code=1)
    assert "only cells that wait or are being asked" in late.stderr
