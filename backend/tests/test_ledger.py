"""The ledger: what it says is on the disk before a call is made, and no cap is broken, whoever asks at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.compare.ledger import Ledger
from app.compare.spending import Caps, Ending, Excess, Intent, Outcome, Spending, excess

NOW = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)
NO_CAPS = Caps()


class Desk:
    """A ledger and a clock."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.folder = folder
        self.ledger = Ledger(folder, now=lambda: self.now)

    def begin(self, usd: float | None, job: str = "job", caps: Caps = NO_CAPS) -> tuple[str, Excess | None]:
        """Note a call; its name, and why it was refused."""
        call = self.ledger.new_call()
        intent = Intent(call=call, at=self.now, job_id=job, cell="1.1.1", model="m", estimated_usd=usd)
        return call, asyncio.run(self.ledger.begin(intent, caps))

    def end(self, call: str, usd: float | None, ending: Ending = Ending.ANSWERED) -> None:
        """Note what came of a call."""
        outcome = Outcome(call=call, at=self.now, ending=ending, cost_usd=usd, provider_id="p")
        asyncio.run(self.ledger.end(outcome))

    def today(self) -> Spending:
        """What is spent today."""
        return asyncio.run(self.ledger.today())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "spending")


def test_a_call_counts_at_its_estimate_until_its_cost_is_known(desk: Desk) -> None:
    call, _ = desk.begin(0.5)
    assert desk.today() == Spending(usd=0.5, open_usd=0.5, calls=1, open_calls=1)
    desk.end(call, 0.2)
    assert desk.today() == Spending(usd=0.2, calls=1)


def test_a_call_of_unknown_cost_goes_on_counting_at_its_estimate(desk: Desk) -> None:
    call, _ = desk.begin(0.5)
    desk.end(call, None, Ending.FAILED)
    assert desk.today().usd == 0.5
    desk.begin(None)
    assert desk.today().unknown_calls == 1


def test_another_program_reads_the_same(desk: Desk) -> None:
    call, _ = desk.begin(0.5)
    other = Ledger(desk.folder, now=lambda: NOW)
    assert asyncio.run(other.today()) == desk.today()
    desk.end(call, 0.1)
    assert asyncio.run(other.today()).usd == 0.1
    found = asyncio.run(other.find(call))
    assert found is not None
    assert found.outcome is not None
    assert found.outcome.provider_id == "p"


def test_a_call_belongs_to_the_day_on_which_it_began(desk: Desk) -> None:
    before, _ = desk.begin(0.5)
    desk.now += timedelta(minutes=2)
    assert desk.today() == Spending()
    desk.end(before, 0.25)
    desk.begin(1.0)
    assert desk.today().usd == 1.0
    assert sorted(path.name for path in desk.folder.glob("*.jsonl")) == ["2026-11-25.jsonl", "2026-11-26.jsonl"]
    assert asyncio.run(desk.ledger.of_job("job")) == Spending(usd=1.25, open_usd=1.0, calls=2, open_calls=1)
    assert asyncio.run(desk.ledger.of_job("another")) == Spending()
    assert asyncio.run(Ledger(desk.folder).of_job("job")).usd == 1.25


def test_a_day_without_a_call_of_the_job_is_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.begin(0.5, job="other")
    ledger, read, read_bytes = Ledger(desk.folder), list[Path](), Path.read_bytes

    def counted(path: Path) -> bytes:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    for _ in range(3):
        assert asyncio.run(ledger.of_job("job")) == Spending()
    assert len(read) == 1
    desk.begin(0.25, job="job")
    assert asyncio.run(ledger.of_job("job")).usd == 0.25


def test_half_a_line_of_a_crash_spoils_nothing(desk: Desk) -> None:
    desk.begin(0.5)
    (file,) = desk.folder.glob("*.jsonl")
    with file.open("ab") as torn:
        torn.write(b'{"line":"asked","call":"2026-')
    assert desk.today().calls == 1
    call, _ = desk.begin(0.25)
    desk.end(call, 0.125)
    assert desk.today() == Spending(usd=0.625, open_usd=0.5, calls=2, open_calls=1)
    assert asyncio.run(Ledger(desk.folder, now=lambda: NOW).today()) == desk.today()


@pytest.mark.parametrize("call", ["", "../../etc/passwd", "2026-11-25", "x" * 5000, "2026-11-25.0123456789abcdef"])
def test_a_call_that_was_never_noted_is_not_found(desk: Desk, call: str) -> None:
    assert asyncio.run(desk.ledger.find(call)) is None


def test_the_folder_is_private(desk: Desk) -> None:
    desk.begin(0.5)
    (file,) = desk.folder.glob("*.jsonl")
    assert (file.stat().st_mode & 0o777, desk.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (desk.folder / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("caps", "estimated", "job", "day", "words"),
    [
        (Caps(), 5.0, 9.0, 9.0, None),
        (Caps(), None, 9.0, 9.0, None),
        (Caps(job_usd=1.0), 0.5, 0.5, 9.0, None),
        (Caps(job_usd=1.0), 0.51, 0.5, 0.0, "budget of this job"),
        (Caps(day_usd=1.0), 0.5, 9.0, 0.5, None),
        (Caps(day_usd=1.0), 0.51, 0.0, 0.5, "cap of the day"),
        (Caps(job_usd=0.0), 0.01, 0.0, 0.0, "budget of this job"),
        (Caps(job_usd=1.0), None, 0.0, 0.0, "not known"),
        (Caps(day_usd=1.0), None, 0.0, 0.0, "not known"),
        (Caps(day_usd=1.0, allow_unknown=True), None, 0.0, 0.5, None),
    ],
)
def test_caps(caps: Caps, estimated: float | None, job: float, day: float, words: str | None) -> None:
    reason = excess(caps, estimated, Spending(usd=job), Spending(usd=day))
    assert (reason is None) if words is None else (reason is not None and words in reason.why and reason.what_to_do)


def test_a_refused_call_is_not_noted(desk: Desk) -> None:
    _, reason = desk.begin(0.5, caps=Caps(day_usd=0.4))
    assert reason is not None
    assert desk.today() == Spending()


def test_many_at_once_do_not_break_a_cap(desk: Desk) -> None:
    async def all_at_once() -> list[Any]:
        intents = [
            Intent(call=desk.ledger.new_call(), at=NOW, job_id=f"job{n}", cell="1", model="m", estimated_usd=0.1)
            for n in range(40)
        ]
        return await asyncio.gather(*(desk.ledger.begin(intent, Caps(day_usd=1.05)) for intent in intents))

    reasons = asyncio.run(all_at_once())
    assert reasons.count(None) == 10
    assert desk.today().usd == pytest.approx(1.0)


_OTHER_PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from app.compare.ledger import Ledger
from app.compare.spending import Caps, Intent

async def main():
    now = datetime(2026, 11, 25, tzinfo=UTC)
    ledger = Ledger(Path(sys.argv[1]), now=lambda: now)
    for _ in range(20):
        intent = Intent(call=ledger.new_call(), at=now, job_id="job", cell="1", model="m", estimated_usd=0.1)
        await ledger.begin(intent, Caps(day_usd=1.05))

asyncio.run(main())
"""


def test_several_programs_at_once_do_not_break_a_cap(desk: Desk) -> None:
    command = [sys.executable, "-c", _OTHER_PROCESS, str(desk.folder)]
    programs = [subprocess.Popen(command) for _ in range(3)]
    assert [program.wait(60) for program in programs] == [0, 0, 0]
    assert desk.today().usd == pytest.approx(1.0)
