"""How a comparison is asked on the command line, and what it will take, told beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from films import tiny_film
from paying import FLASH
from shells import Shell
from standin import StandIn

from app.cli.asked import parse_clip
from app.cli.exits import Refused


@pytest.mark.parametrize(
    ("text", "clip"),
    [
        ("0:10-0:30", (10.0, 30.0)),
        ("10-30.5", (10.0, 30.5)),
        ("1:00:05-", (3605.0, None)),
        ("-1:30", (None, 90.0)),
        (" 0-1 ", (0.0, 1.0)),
    ],
)
def test_a_clip_is_written_as_people_write_times(text: str, clip: tuple[float | None, float | None]) -> None:
    assert parse_clip(text) == clip


@pytest.mark.parametrize("text", ["", "-", "10", "0:10 to 0:30", "a-b", "1-2-3", "--5", "1:2:3:4-5"])
def test_what_is_no_clip_says_how_to_write_one(text: str) -> None:
    with pytest.raises(Refused, match="0:10-0:30"):
        parse_clip(text)


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, standin: StandIn) -> Iterator[Shell]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEMINI_API_KEY", "a-good-key-of-nobody")
        patch.setenv("GOOGLE_GEMINI_BASE_URL", standin.address)
        patch.delenv("GOOGLE_API_KEY", raising=False)
        shell = Shell(tmp_path_factory.mktemp("cli"))
        yield shell
        shell("stop")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    path.write_bytes(tiny_film())
    return str(path)


def test_every_option_reaches_the_model_and_the_estimate_comes_first(
    shell: Shell, film: str, standin: StandIn, tmp_path: Path
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object"}')
    words = ["--fps", "2", "--clip", "0.2-0.8", "--resolution", "low", "--thinking", "low", "--system", "Be brief."]
    words += ["--temperature", "0.5", "--schema", str(schema), "--repeats", "2", "--budget", "0.5"]
    said = shell("compare", film, "-p", "What?", "-m", FLASH, *words, "--json")
    cells = json.loads(said.stdout)["cells"]
    assert [cell["cell"] for cell in cells] == ["1.1.1", "1.1.1.2"]
    assert cells[0]["options"] == {
        "fps": 2.0,
        "clip_start": 0.2,
        "clip_end": 0.8,
        "resolution": "low",
        "thinking_level": "low",
        "temperature": 0.5,
        "system_instruction": "Be brief.",
        "response_schema": {"type": "object"},
    }
    assert standin.seen("interactions.create")[-1]["body"]["system_instruction"] == "Be brief."
    lines = said.stderr.splitlines()
    estimate = next(number for number, line in enumerate(lines) if line.startswith("Estimate: 2 cells: about $0.0"))
    submitted = next(number for number, line in enumerate(lines) if line.startswith("Job "))
    assert estimate < submitted


def test_what_was_answered_is_not_paid_again_unless_asked_fresh(shell: Shell, film: str, standin: StandIn) -> None:
    paid = standin.paid()
    for words, expected, told in ([], 1, False), ([], 1, True), (["--fresh"], 2, False):
        said = shell("compare", film, "-p", "Again?", "-m", FLASH, *words)
        assert standin.paid() - paid == expected
        assert ("1 of them with earlier answers" in said.stderr) is told


def test_a_budget_that_will_not_do_is_told_before(shell: Shell, film: str, standin: StandIn) -> None:
    paid = standin.paid()
    said = shell("compare", film, "-p", "Dear?", "-m", FLASH, "--budget", "0.000001", code=1)
    assert "more than may be spent" in said.stderr
    assert standin.paid() == paid


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--fps", "99"], "fps"),
        (["--clip", "5-2"], "clip_end"),
        (["--clip", "half"], "0:10-0:30"),
        (["--repeats", "11"], "repeats"),
        (["--budget", "-1"], "budget_usd"),
        (["--temperature", "3"], "temperature"),
        (["--schema", __file__], "JSON schema"),
        (["--schema", "missing.json"], "missing.json"),
        (["--thinking", "deeply"], "--thinking"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_stored(
    shell: Shell, tmp_path: Path, words: list[str], complaint: str
) -> None:
    film = tmp_path / "other.mp4"
    film.write_bytes(tiny_film("green"))
    said = shell("compare", str(film), "-p", "?", "-m", "local/scenes", *words, code=2)
    assert complaint in said.stderr
    assert "Storing" not in said.stderr
