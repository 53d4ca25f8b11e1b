"""The command line, as a person at a terminal or a script uses it."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from folder_of_jobs import Folder

from longtake import JobQueue
from longtake.cli import main
from longtake.errors import StorageProblem


def test_list_shows_one_line_a_job_newest_first(folder: Folder) -> None:
    code, out, _ = folder.run("list")
    assert code == 0
    lines = out.splitlines()
    assert [line[:26] for line in lines[1:]] == [folder.ids["waiting"], folder.ids["failed"], folder.ids["done"]]
    assert "A greeting" in out
    assert "no luck" in out
    assert [job["id"] for job in folder.json("list", "--status", "failed")] == [folder.ids["failed"]]
    assert [job["id"] for job in folder.json("list", "--kind", "hello", "--limit", "1")] == [folder.ids["waiting"]]
    assert [job["id"] for job in folder.json("list", "--about", "you")] == [folder.ids["done"]]
    assert folder.run("bulk", "delete", "--about", "later", "--dry-run")[1] == "1 job would be deleted.\n"
    assert [len(folder.json("list", *words)) for words in (["--limit", "1"], ["--limit", "1", "--all"])] == [1, 3]
    assert "--all shows all" in folder.run("list", "--limit", "1")[2]
    assert "1 pending, 1 completed, 1 failed" in folder.run("list", "--limit", "1")[2]


def test_each_filter_of_list_restricts_it(folder: Folder) -> None:
    folder.run("edit", folder.ids["failed"], "--tag", "a b", "--tag", "c")
    expected = {
        ("--status", "failed", "--status", "pending"): ["waiting", "failed"],
        ("--kind", "failing"): ["failed"],
        ("--tag", "a b"): ["failed"],
        ("--tag", "a"): [],
        ("--text", "GREETING"): ["done"],
        ("--since", "1h"): ["waiting", "failed", "done"],
        ("--since", "2000-01-01T00:00+02:00", "--kind", "hello"): ["waiting", "done"],
        ("--since", "2999-12-31"): [],
    }
    for words, names in expected.items():
        assert [job["id"] for job in folder.json("list", *words)] == [folder.ids[name] for name in names], words
    assert "no such jobs" in folder.run("list", "--tag", "a")[2]


def test_list_of_a_folder_that_is_not_there_is_empty_and_makes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--dir", str(tmp_path / "none")]) == 0
    nothing, advice = capsys.readouterr().err.splitlines()
    assert nothing == "There are no such jobs."
    assert advice == f"There is no folder {tmp_path / 'none'} yet; --dir or LONGTAKE_DIR names another."
    assert main(["list", "--json", "--dir", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out == "[]\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["run", "requests", "keys", "placing", "quarantine", "notes"])
def test_a_file_in_the_place_of_a_folder_of_ours_is_an_error_that_says_what_to_do(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("no folder")
    code, said = main(["list", "--dir", str(tmp_path)]), capsys.readouterr().err
    assert (code, "move it away" in said) == ((1, True) if name in {"run", "placing"} else (0, False)), said
    assert main(["doctor", "--dir", str(tmp_path)]) in {0, 1}
    submitting = JobQueue(tmp_path, mode="external").submit("any", key="k")
    if name in {"quarantine", "notes"}:  # not needed for this
        assert asyncio.run(submitting).key == "k"
    else:
        with pytest.raises(StorageProblem, match="move it away"):
            asyncio.run(submitting)
    assert (tmp_path / name).read_text() == "no folder"


def test_what_the_disk_does_not_let_happen_is_told_with_the_folder_and_without_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "jobs" / "run" / "index.sqlite" / "folder").mkdir(parents=True)
    assert main(["list", "--dir", str(tmp_path / "jobs")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("longtake: index.sqlite could not be ")
    assert said.endswith(f" The jobs folder is {tmp_path / 'jobs'}.\n")
    assert "Errno" not in said


def test_a_file_that_is_named_as_the_jobs_folder_is_said_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "jobs").write_text("no folder")
    assert main(["list", "--dir", str(tmp_path / "jobs")]) == 1
    assert capsys.readouterr().err.startswith(f"longtake: {tmp_path / 'jobs'} is no folder: move it away")


def test_show_tells_a_job_whole_also_by_a_unique_beginning_of_its_id(folder: Folder) -> None:
    code, out, _ = folder.run("show", folder.ids["done"])
    assert code == 0
    for words in ("A greeting", "completed", "100 %", '"name": "you"', "attempts", "greet", "hello you", "It is done."):
        assert words in out
    shown = folder.json("show", folder.ids["done"][:22].upper(), "--steps")
    assert shown["result"] == "hello you"
    assert [step["name"] for step in shown["recorded_steps"]] == ["greet"]


def test_show_says_why_a_job_stands_where_it_stands_and_what_to_do(folder: Folder) -> None:
    _, out, err = folder.run("show", folder.ids["failed"])
    assert out.splitlines()[1] == "ValueError: no luck"
    assert "failed: ValueError: no luck" in out
    assert f"longtake retry {folder.ids['failed']} --dir {folder.jobs}" in err
    _, out, err = folder.run("show", folder.ids["waiting"])
    assert "none runs: start your program" in out
    assert "longtake watch" in err
    folder.run("edit", folder.ids["waiting"], "--run-at", "3.5h", "--priority", "7", "--keep")
    out = folder.run("show", folder.ids["waiting"])[1]
    for words in ("in 3 h ", "priority  7", "a cleanup leaves it alone"):
        assert words in out
    folder.run("cancel", folder.ids["waiting"])
    assert "It was cancelled." in folder.run("show", folder.ids["waiting"])[1]


def test_an_ambiguous_or_unknown_id_is_an_error_that_says_what_to_do(folder: Folder) -> None:
    for command in ("show", "watch", "cancel", "retry", "delete"):
        code, out, err = folder.run(command, folder.ids["done"][:3])
        assert (code, out) == (1, "")
        assert "more letters" in err
        for unknown in ("0" * 26, "zz", "../x", "\x1b"):
            code, out, err = folder.run(command, unknown)
            assert (code, out) == (1, "")
            assert "There is no job" in err
    assert len(folder.json("list")) == 3


def test_nothing_is_done_when_one_of_several_ids_is_unknown(folder: Folder) -> None:
    assert folder.run("delete", folder.ids["done"], "0" * 26)[0] == 1
    assert len(folder.json("list")) == 3
    _, out, _ = folder.run("delete", folder.ids["done"], folder.ids["failed"])
    assert out == f"{folder.ids['done']} deleted\n{folder.ids['failed']} deleted\n"
    assert [job["id"] for job in folder.json("list")] == [folder.ids["waiting"]]


def test_edit_changes_what_is_named_and_nothing_else(folder: Folder) -> None:
    waiting = folder.ids["waiting"]
    changed = folder.json(
        "edit", waiting, "--title", "New", "--tag", "x", "--keep", "--priority", "-5", "--run-at", "2h"
    )
    assert (changed["title"], changed["tags"], changed["keep"], changed["priority"]) == ("New", ["x"], True, -5)
    due = datetime.fromisoformat(changed["run_at"]) - datetime.now(UTC)
    assert timedelta(minutes=119) < due < timedelta(minutes=121)
    again = folder.json("edit", waiting, "--no-tags", "--run-at", "now", "--no-keep")
    assert (again["title"], again["tags"], again["keep"], again["run_at"]) == ("New", [], False, None)
    assert folder.run("edit", waiting, "--title", "T")[1] == f"{waiting} edited: title\n"
    code, _, err = folder.run("edit", folder.ids["done"], "--priority", "1")
    assert (code, "completed" in err) == (1, True)
    code, _, err = folder.run("edit", waiting)
    assert (code, "nothing to change" in err) == (2, True)


def test_bulk_acts_on_what_matches_after_asking(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = folder.run("bulk", "delete", "--kind", "hello")
    assert (code, out) == (2, "")
    assert "2 jobs would be deleted: add --yes" in err
    assert folder.run("bulk", "delete", "--kind", "hello", "--dry-run")[1] == "2 jobs would be deleted.\n"
    code, _, err = folder.run("bulk", "cancel", "--yes")
    assert (code, "every job" in err) == (2, True)
    assert len(folder.json("list")) == 3
    monkeypatch.setattr(sys, "stdin", Person("n\n"))
    assert folder.run("bulk", "cancel", "--all")[1:] == (
        "1 job would be cancelled.\n",
        "1 job will be cancelled. Go on? [y/N] \n",
    )
    monkeypatch.setattr(sys, "stdin", Person("y\n"))
    assert folder.run("bulk", "cancel", "--all")[1] == "1 job cancelled.\n"
    assert folder.json("bulk", "delete", "--since", "1h", "--yes") == {"action": "delete", "jobs": 3, "dry_run": False}
    assert folder.json("list") == []
    assert folder.run("bulk", "retry", "--all")[1] == "0 jobs would be given another go.\n"


def test_bulk_edits_the_jobs_that_wait(folder: Folder) -> None:
    code, _, err = folder.run("bulk", "edit", "--all", "--yes")
    assert (code, "needs --priority" in err) == (2, True)
    code, _, err = folder.run("bulk", "cancel", "--all", "--yes", "--priority", "3")
    assert (code, "take none of them" in err) == (2, True)
    assert folder.run("bulk", "edit", "--all", "--priority", "3", "--dry-run")[1] == "1 job would be edited.\n"
    assert folder.json("bulk", "edit", "--all", "--priority", "3", "--yes") == {
        "action": "edit", "jobs": 1, "dry_run": False,
    }  # fmt: skip
    assert folder.json("show", folder.ids["waiting"])["priority"] == 3
    assert folder.run("bulk", "edit", "--all", "--keep", "--yes")[1] == "3 jobs edited.\n"


class Person(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_cancel_and_retry_say_what_became_of_the_job(folder: Folder) -> None:
    waiting = folder.ids["waiting"]
    assert folder.run("cancel", waiting)[1] == f"{waiting} cancelled\n"
    code, _, err = folder.run("cancel", waiting)
    assert code == 1
    assert "cannot be cancelled" in err
    code, out, err = folder.run("retry", waiting)
    assert code == 0
    assert out == f"{waiting} pending\n"
    assert "No worker runs" in err
    assert f"longtake watch {waiting}" in err
    assert folder.json("cancel", waiting)["status"] == "cancelled"
    assert folder.json("retry", folder.ids["done"], "--fresh")["steps"] == 0


def test_cleanup_counts_and_deletes(folder: Folder) -> None:
    planned = folder.json("cleanup", "--days", "0", "--dry-run")
    assert planned["jobs"] == 2
    assert planned["dry_run"] is True
    assert "2 jobs" in folder.run("cleanup", "--days", "0")[1]
    assert [job["id"] for job in folder.json("list")] == [folder.ids["waiting"]]


def test_wrong_usage_is_exit_code_2(folder: Folder) -> None:
    for words in (
        ["explode"], ["list", "--status", "odd"], [], ["show"], ["show", ""], ["cancel", " "], ["list", "--limit", "0"],
        ["list", "--limit", "x"], ["list", "--since", "yesterday-ish"], ["list", "--since", "99999999w"],
        ["edit", "0", "--priority", "1000001"], ["edit", "0", "--priority", "high"],
        ["edit", "0", "--tag", "a", "--no-tags"],
        ["edit", "0", "--run-at", ""], ["cleanup", "--days", "-1"], ["cleanup", "--days", "nan"], ["bulk", "explode"],
        ["watch", "0", "--timeout", "soon"], ["retry", "0", "--fresh", "--forget", "x"],
    ):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2, words


def test_a_cleanup_reaches_back_as_far_as_there_were_jobs(folder: Folder) -> None:
    assert folder.json("cleanup", "--days", "1000000")["jobs"] == 0


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
