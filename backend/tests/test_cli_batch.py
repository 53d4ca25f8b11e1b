"""A batch from a file: what it may say, what it comes to, and where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from films import tiny_film
from shells import Shell

from app.cli.actions.batch import read
from app.cli.exits import Refused

GOOD = """
# two films
videos:
  - clips/*.mp4
prompts:
  - What happens?
  - "Who?"
models: [local/scenes, demo/stream]
title: The night batch
tags: [night]
"""


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path / "data")
    yield shell
    shell("stop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    clips = tmp_path / "films" / "clips"
    clips.mkdir(parents=True)
    (clips / "one.mp4").write_bytes(tiny_film())
    (clips / "two.mp4").write_bytes(tiny_film("blue"))
    (clips / "notes.txt").write_text("no film")
    return clips.parent


def write(folder: Path, text: str) -> str:
    path = folder / "batch.yaml"
    path.write_text(text)
    return str(path)


def test_a_batch_is_one_job_and_each_answer_a_line(shell: Shell, folder: Path) -> None:
    said = shell("batch", write(folder, GOOD), "--json")
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["submitted", *["cell"] * 8, "finished"]
    assert {line["cell"] for line in lines[1:-1]} == {
        f"{video}.{prompt}.{model}" for video in (1, 2) for prompt in (1, 2) for model in (1, 2)
    }
    assert {line["state"] for line in lines[1:-1]} == {"completed"}
    (job_id,) = {line["job_id"] for line in lines}
    job = shell.job(job_id)
    assert (job["title"], job["tags"], lines[-1]["status"]) == ("The night batch", ["night"], "completed")


def test_a_dry_run_estimates_and_keeps_nothing(shell: Shell, folder: Path) -> None:
    said = shell("batch", write(folder, GOOD), "--dry-run")
    assert "Together: 8 cells, free" in said.stdout
    assert not (shell.data / "uploads").exists()
    estimate = json.loads(shell("batch", write(folder, GOOD), "--dry-run", "--json").stdout)
    assert (estimate["cells"], estimate["cost_usd"]) == (8, 0.0)


def test_stored_videos_are_named_by_the_beginning_of_their_ids(shell: Shell, folder: Path, tmp_path: Path) -> None:
    video_id = shell.json("videos", "add", str(folder / "clips" / "one.mp4"))["videos"][0]["video_id"]
    text = f"videos: [{video_id[:8]}]\nprompts: [What]\nmodels: [local/scenes]\n"
    assert "1 cell" in shell("batch", write(tmp_path, text), "--dry-run").stdout
    answers = tmp_path / "answers.md"
    said = shell("batch", write(tmp_path, text), "-o", str(answers))
    assert "100 %" in said.stderr
    assert "local/scenes: answered" in answers.read_text()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "videos:"),
        ("just text", 1, "videos:"),
        ("videos: [a", 1, "no YAML"),
        ("\t- x", 1, "no YAML"),
        ("videos: [x.mp4]\nprompts: [a]\nmodels: [local/scenes]", 1, "no file x.mp4"),
        ("prompts: [a]\nvideos:\n - clips/*.mp4\n - clips/*.mkv\nmodels: [local/scenes]", 4, "clips/*.mkv"),
        ("videos: [/*]\nprompts: [a]\nmodels: [local/scenes]", 1, "fits /*"),
        ("videos:\n- clips/*.mp4\nprompts:\n- yes\nmodels: [local/scenes]", 4, "in quotes"),
        ("videos:\n- clips/*.mp4\nprompts:\n- a\nmodels:\n- local/scens", 6, "mean local/scenes"),
        ("videos:\n- clips/*.mp4\nprompts:\n- a\nmodels:\n- gemini-3.8-flash", 6, "GEMINI_API_KEY"),
        ("videos:\n  &all [x]\nprompts: *all", 2, "used again"),
        ("? [a]\n: b\nvideos: [x]", 1, "no YAML"),
        ("prompts: [a]\nvideo: [x]", 2, "mean videos"),
        ("videos: [clips/*.mp4]\nprompts: [a]\nprompts: [b]\nmodels: [local/scenes]", 3, "twice"),
        ("videos: [clips/*.mp4]\nprompts: [a]\nmodels: [local/scenes]\noptions:\n  fps: 99", 5, "24"),
        ("videos: [clips/*.mp4]\nprompts: [a]\nmodels: []", 3, "at least 1"),
        ('!!python/object/apply:os.system ["touch gotcha"]', 1, "no YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(Refused) as caught:
        read(Path(write(folder, text)))
    assert f"batch.yaml, line {line}: " in str(caught.value)
    assert words in str(caught.value)


def test_a_video_that_cannot_be_had_is_said_with_its_line(shell: Shell, folder: Path) -> None:
    for name, words in (("clips/notes.txt", "not a video"), ("qqqq", "no video whose id")):
        path = write(folder, f"videos:\n- {name}\nprompts: [a]\nmodels: [local/scenes]")
        for more in ([], ["--dry-run"]):
            said = shell("batch", path, *more, code=2)
            assert "batch.yaml, line 2: " in said.stderr
            assert words in said.stderr
    assert not list((shell.data / "jobs").glob("*.json"))


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"\xff\xfe", "UTF-8"), (b"[" * 50_000, "nested"), (b"# " + b"x" * 1_000_000, "larger")],
)
def test_a_file_that_is_no_batch_at_all_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "batch.yaml"
    path.write_bytes(data)
    with pytest.raises(Refused, match=words):
        read(path)
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path)
