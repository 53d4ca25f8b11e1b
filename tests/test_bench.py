"""The bench judges every goal from what was measured, and ends when its time is over."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from benchmarks import rounds
from benchmarks.__main__ import main
from benchmarks.contenders import ANCHORS, CONTENDERS, US, Contender
from benchmarks.goals import BEGIN, CANCEL_P50, GOALS, MEMORY, READ, Goal, verdicts
from benchmarks.rounds import Gathered, gather


def test_every_goal_is_judged() -> None:
    assert list(dict.fromkeys(goal.name for goal in GOALS)) == [f"G{number}" for number in range(1, 11)]
    gathered = Gathered()
    beside = [CANCEL_P50, READ, BEGIN.format(0), MEMORY.format(0)]
    for name in CONTENDERS:
        gathered.take(name, dict.fromkeys((*(goal.figure for goal in GOALS), *beside), 10.0))
    table = verdicts(gathered)
    assert "not measured" not in table
    assert all(row.count("met") + row.count("missed") >= 2 for row in table.splitlines()[2:])


@pytest.mark.parametrize(
    ("ours", "more_is_better", "said"),
    [
        (12.0, True, "**met**, 1.2 x (≥ 10)"),
        (5.0, True, "missed, 0.5 x (≥ 10)"),
        (5.0, False, "**met**, 2 x (≤ 10)"),
        (20.0, False, "missed, 0.5 x (≤ 10)"),
        (0.0, False, "**met** (≤ 10)"),
    ],
)
def test_a_verdict_says_how_far_we_are_from_the_bound(ours: float, said: str, *, more_is_better: bool) -> None:
    goal = Goal(
        "G0", "speed", lambda medians: medians["huey"]["speed"], lambda _: 10.0, "huey", more_is_better=more_is_better
    )
    assert goal.verdict({US: {"speed": ours}, "huey": {"speed": 10.0}})[1:] == (said, said)
    assert goal.verdict({US: {"speed": ours}})[1] == "huey is not measured"
    assert goal.verdict({})[0] == "not measured"


def test_when_the_time_is_over_the_first_round_is_still_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[tuple[str, str]] = []

    folders: list[Path] = []

    def measure(contender: Contender, measure: str, folder: Path, *, quick: bool) -> dict[str, float | str]:
        folders.append(folder)
        assert all(folder.is_dir() for folder in folders), "nothing is deleted before the end"
        measured.append((measure, contender.name))
        return {f"{measure} (ms)": 1.0}

    monkeypatch.setattr(rounds, "_measured", measure)
    monkeypatch.setattr(rounds, "_installed", lambda contenders, *_: list(contenders))
    monkeypatch.setattr(rounds, "raw_limits", lambda _: {})
    contenders = [CONTENDERS[name] for name in ANCHORS]
    gathered = gather(contenders, ["submits", "idle"], 1000, time.monotonic(), quick=False)
    assert measured == [(measure, name) for measure in ("submits", "idle") for name in ANCHORS]
    assert gathered.is_whole
    assert not any(folder.exists() for folder in folders)


def test_a_peer_that_is_not_known_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--peers", "longtake,nobody"])
    assert "there is no 'nobody'" in capsys.readouterr().err
