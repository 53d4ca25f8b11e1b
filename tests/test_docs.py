"""The documentation tells the truth: what it shows runs, what it names is there, what is generated is fresh."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_the_quickstart_prints_what_it_promises(tmp_path: Path) -> None:
    (block,) = BLOCK.findall((ROOT / "docs" / "quickstart.md").read_text())
    (tmp_path / "films.py").write_text(block)
    done = subprocess.run([sys.executable, "films.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "['Metropolis is a good film', 'Sunrise is a good film', 'Greed is a good film']" in done.stdout


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
