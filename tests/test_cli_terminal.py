"""The command line on a real terminal: colours, a bar, the width of the window, and nothing that obeys a title."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest
from folder_of_jobs import Folder

from longtake import JobQueue
from longtake.cli import examining
from longtake.cli.paint import cut, harmless
from longtake.cli.times import span
from longtake.doctor import Check
from longtake.doctor.installation import look_at_extra

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\nsecond \u202e line \u2028 \x7f\x00"
OURS = re.compile(r"\x1b\[(\d*m|K)|\r\n?")


def on_a_terminal(folder: Path, *words: str, environment: dict[str, str] | None = None, columns: int = 200) -> str:
    """What a command writes on a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "TERM"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "longtake", *words, "--dir", str(folder)],
        stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=plain | {"TERM": "xterm"} | (environment or {}),
    )  # fmt: skip
    os.close(slave)
    written = b""
    try:
        while part := os.read(master, 65536):
            written += part
    except OSError:  # Linux says so when the last writer has closed it
        pass
    finally:
        os.close(master)
        process.wait()
    return written.decode()


@pytest.fixture
def evil(tmp_path: Path) -> tuple[Path, str]:
    """A folder with a job whose every text would like to take the terminal over."""
    jobs = tmp_path / "jobs"
    queue = JobQueue(jobs, mode="external")
    args: dict[str, Any] = {EVIL: EVIL}
    submitted = queue.submit(f"kind{EVIL}", title=EVIL, tags=[EVIL], key=EVIL, **args)
    return jobs, asyncio.run(submitted).id


@pytest.mark.parametrize(
    "words", [["list"], ["show"], ["watch", "--timeout", "0.5"], ["show", "--json"], ["list", "--json"]]
)
def test_nothing_in_a_job_is_obeyed_by_the_terminal(evil: tuple[Path, str], words: list[str]) -> None:
    folder, job_id = evil
    command, *options = words
    said = on_a_terminal(folder, command, *([] if command == "list" else [job_id]), *options)
    assert "second" in said
    rest = OURS.sub("", said).replace("\n", "")
    assert [sign for sign in rest if not sign.isprintable()] == []


def test_colours_are_for_terminals_and_for_those_who_want_them(folder: Folder) -> None:
    for words in (["list"], ["show", folder.ids["done"]], ["watch", folder.ids["done"]]):
        assert "\x1b[32m" in on_a_terminal(folder.jobs, *words)
        for switch in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            assert "\x1b[3" not in on_a_terminal(folder.jobs, *words, environment=switch)
        assert "\x1b" not in folder.run(*words)[1]


def test_lines_of_a_list_and_the_bar_fit_the_window(folder: Folder) -> None:
    folder.run("edit", folder.ids["done"], "--title", "写" * 200)
    for columns in (60, 100):
        for words in (["list"], ["watch", folder.ids["done"]]):
            lines = OURS.sub("\n", on_a_terminal(folder.jobs, *words, columns=columns)).splitlines()
            assert max(sum(2 if sign == "写" else 1 for sign in line) for line in lines) <= columns


@pytest.mark.parametrize("title", ["👩‍👩‍👧‍👦❤️🇦🇹" * 20, "שלום עולם " * 20, "写" * 200, "e\u0301" * 200])
@pytest.mark.parametrize("columns", [80, 120])
def test_titles_of_any_writing_are_cut_and_colours_end_before_the_line_does(
    title: str, columns: int, folder: Folder
) -> None:
    folder.run("edit", folder.ids["waiting"], "--title", title)
    lines = on_a_terminal(folder.jobs, "list", columns=columns).splitlines()
    assert lines[1].startswith(folder.ids["waiting"])
    assert lines[1].endswith("…")
    assert lines[1].count("\x1b[") == 2 * lines[1].count("\x1b[0m")
    assert title[:5] in on_a_terminal(folder.jobs, "show", folder.ids["waiting"], columns=columns)


def test_the_doctor_tells_at_a_glance_what_is_well_and_what_could_be_added(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    present, absent = (look_at_extra(module, "x", "does") for module in ("json", "no_such_module"))

    assert absent.fix == f"{sys.executable} -m pip install 'longtake[x]'", "for the Python that runs it"

    async def examined(_: object) -> list[Check]:
        return [present, absent, Check(name="bad", ok=False, detail="Bad.", fix="Mend it.")]

    monkeypatch.setattr(examining, "examine", examined)
    code, out, err = folder.run("doctor")
    assert code == 1
    assert [line[0] for line in out.splitlines()] == ["✓", "·", " ", "✗", " "]
    assert err == "1 of 3 checks found something wrong.\n"


def test_a_bar_shows_how_far_the_job_is(folder: Folder) -> None:
    assert "█" * 24 in on_a_terminal(folder.jobs, "watch", folder.ids["done"], environment={"NO_COLOR": "1"})
    assert f"{'█' * 10}{'░' * 14}  40 %" in on_a_terminal(
        folder.jobs, "watch", folder.ids["failed"], environment={"NO_COLOR": "1"}
    )


def test_texts_are_cut_at_columns_and_made_harmless_on_one_line() -> None:
    assert [cut("写真写真", width) for width in (0, 3, 4, 8, None)] == ["…", "…", "写…", "写真写真", "写真写真"]
    assert cut("e\u0301" * 3, 3) == "e\u0301" * 3
    assert harmless("a\r\n\tb") == "a b"
    assert harmless("\x1b[0m") == "\N{REPLACEMENT CHARACTER}[0m"


def test_spans_of_time_are_told_in_two_parts_at_most() -> None:
    told = [span(seconds) for seconds in (-5, 0.04, 9.94, 59.4, 61, 3599, 7260, 86_400 * 2.5)]
    assert told == ["0.0 s", "0.0 s", "9.9 s", "59 s", "1 min 1 s", "59 min 59 s", "2 h 1 min", "2 d 12 h"]
