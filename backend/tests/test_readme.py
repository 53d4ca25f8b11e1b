"""What README.md tells people to type does what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from films import tiny_film
from servers import COMPARE, Server, running_server

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


def block(heading: str, language: str) -> str:
    """The first code of this language under a heading."""
    _, _, rest = README.partition(f"\n## {heading}\n")
    found = re.search(rf"^```{language}\n(.*?)^```", rest, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a person types, with the films that the examples name."""
    (tmp_path / "clips").mkdir()
    (tmp_path / "film.mp4").write_bytes(tiny_film())
    (tmp_path / "clips" / "other.mp4").write_bytes(tiny_film("blue"))
    return tmp_path


def run(words: str, folder: Path) -> str:
    environ = {**os.environ, "LONGTAKE_COMPARE_DATA": str(folder / "data"), "GEMINI_API_KEY": "made-up-key"}
    environ["PATH"] = f"{COMPARE.parent}{os.pathsep}{environ['PATH']}"
    said = subprocess.run(
        ["bash", "-c", words], cwd=folder, capture_output=True, text=True, timeout=90, check=False, env=environ
    )
    assert said.returncode == 0, f"{words}\n{said.stdout}{said.stderr}"
    return said.stdout


def test_the_command_line_does_what_the_examples_show(folder: Path) -> None:
    compare, batch, ls, retry = block("The command line", "sh").splitlines()
    assert "local/quality: answered" in run(compare, folder)
    video_id = run("longtake-compare videos ls", folder)[:8]
    (folder / "night.yaml").write_text(block("The command line", "yaml").replace("kinhryrk", video_id))
    assert "Together: 4 cells" in run(batch, folder)
    run(ls, folder)
    run(retry, folder)
    run("longtake-compare stop", folder)


def test_a_script_does_what_the_examples_show(folder: Path) -> None:
    upload, post, get = re.split(r"\n(?=curl)", block("The app from a script", "sh").strip())
    with running_server(folder / "data") as server:
        video_id = json.loads(run(here(upload, server), folder))["video_id"]
        job_id = json.loads(run(here(post.replace("…", video_id), server), folder))["job_id"]
        assert server.finished(job_id)["status"] == "completed"
        told = json.loads(run(here(get.replace("JOB_ID", job_id), server), folder))
    assert [cell["state"] for cell in told["result"]["cells"]] == ["completed", "completed"]


def here(words: str, server: Server) -> str:
    return words.replace("http://127.0.0.1:8000/", server.address)
