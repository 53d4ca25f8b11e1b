"""The documentation tells the truth: what it shows runs, what it names is there, what is generated is fresh."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import longtake
from longtake.cli.parser import parser

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


def _blocks() -> list[tuple[str, str]]:
    return [
        (f"{page.relative_to(ROOT)} {number}", block)
        for page in PAGES
        for number, block in enumerate(BLOCK.findall(page.read_text()), 1)
    ]


@pytest.mark.parametrize(("name", "block"), _blocks(), ids=[name for name, _ in _blocks()])
def test_every_example_runs(name: str, block: str, tmp_path: Path) -> None:
    if "\nanswer = await " in block:
        block = block.split("\nsubmitted = await ", maxsplit=1)[0]
    script = tmp_path / "example.py"
    script.write_text(block)
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert missing == []


def test_every_place_that_contributing_names_is_there() -> None:
    rows = re.findall(r"^\| .+ \| (.+) \|$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)[2:]
    library = ROOT / "src" / "longtake"
    named = [name for row in rows for name in re.findall(r"`([\w./-]+)`", row)]
    assert len(named) > 10
    places = (ROOT, library, ROOT / "backend" / "app" / "models")
    missing = {name for name in named if not any((place / name).exists() for place in places)}
    assert missing <= {"backend/jobs/"}, "made when the app first runs"


def test_what_is_generated_is_fresh() -> None:
    subprocess.run([sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], check=True)


@pytest.mark.parametrize(
    ("page", "old"),
    [
        ("concepts.md", "pending --> running: started"),
        ("reference/python.md", "submit(kind: str"),
        ("reference/command-line.md", "`--dry-run`"),
        ("reference/http.md", "GET /api/jobs/{job_id}/result"),
    ],
)
def test_a_page_that_is_not_as_the_code_has_it_is_found_and_mended(page: str, old: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    fresh = (docs / page).read_text()
    assert old in fresh
    (docs / page).write_text(fresh.replace(old, "something else"))
    check = [sys.executable, str(docs / "generate.py")]
    stale = subprocess.run([*check, "--check"], capture_output=True, text=True, check=False)
    assert (stale.returncode, page in stale.stdout) == (1, True)
    subprocess.run(check, check=True)
    assert (docs / page).read_text() == fresh


def test_every_public_name_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "reference" / "python.md").read_text()
    assert [name for name in longtake.__all__ if f"\n### {name}" not in text] == []


SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:longtake|longtake-compare|python3 dev) [^`\n]*)`")
OTHERS = {"cat", "curl", "docker", "export", "pip", "python", "rsync", "systemctl", "uvicorn", "."}
PLACES = {"01k…": "01k", "JOB_ID": "01k"}


def _commands() -> list[tuple[str, str]]:
    """Every command that a page shows, with the page."""
    found = []
    for page in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md"]:
        if "reference" in page.parts or "decisions" in page.parts:
            continue
        text = page.read_text()
        lines = [line for block in SHELL.findall(text) for line in _whole_lines(block)]
        found += [(str(page.relative_to(ROOT)), line) for line in (*lines, *INLINE.findall(text)) if line.strip()]
    return found


def _whole_lines(block: str) -> Iterator[str]:
    """The commands of a block: a backslash, or a quote that is open, takes in the next line."""
    command = ""
    for line in block.replace("\\\n", " ").splitlines():
        command = f"{command}{line}\n"
        try:
            shlex.split(command, comments=True)
        except ValueError:
            continue
        yield command.strip()
        command = ""
    assert not command, f"a quote is not closed: {command}"


def test_every_shell_command_exists() -> None:
    commands = _commands()
    assert len(commands) > 15
    wrong = [f"{page}: {line}" for page, line in commands if not _exists(shlex.split(line, comments=True))]
    assert wrong == []


def _exists(words: list[str]) -> bool:
    if words[:3] == ["docker", "compose", "exec"]:
        words = words[4:]
    match words:
        case [] | [("longtake" | "longtake-compare")]:
            return True
        case ["longtake", *rest]:
            return _longtake_takes(rest)
        case ["longtake-compare" | ".venv/bin/longtake-compare", command, *_]:
            return command in _commands_of_the_app()
        case ["python3", "dev", command, *_]:
            return f"python3 dev {command}" in (ROOT / "dev").read_text() or "|" in words
        case _:
            return words[0].removeprefix("$") in OTHERS


def _longtake_takes(words: list[str]) -> bool:
    if "|" in words:  # a list of commands
        known = parser().format_help()
        return all(re.search(rf"^ +{word}\b", known, re.MULTILINE) for word in words if word != "|")
    place = [PLACES.get(word, word) for word in words]
    with suppress(SystemExit):
        parser().parse_args(place)
        return True
    with suppress(SystemExit):  # a command named without what it needs
        parser().parse_args([*place, "x"])
        return True
    return False


def _commands_of_the_app() -> set[str]:
    listed = subprocess.check_output([sys.executable, "-c", LIST_COMMANDS], text=True)
    return set(listed.split())


LIST_COMMANDS = """
import typer.main
from app.cli.program import app
print(*typer.main.get_command(app).commands)
"""
