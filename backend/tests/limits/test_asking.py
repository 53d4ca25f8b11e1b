"""What cells do under limits, with the providers' own SDKs, against the stand-in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standin import StandIn
from standin.proxy import Proxy
from standin.trying import gemini
from waiting import eventually

from app.compare.asking import final
from app.compare.cells import CellState
from app.compare.endurance import LONGEST_OFFLINE, LONGEST_REFUSAL, RETRIES, Again, Endurance
from app.models.errors import ErrorKind, ModelError
from app.models.limits.limit import Limit
from app.models.limits.limits import Limits
from app.models.provider_errors import Complaint, Speaker
from limits.asking import Board, ask_all, asker_of, plans_of


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


def test_a_batch_adapts_to_a_limit_that_nobody_told_it(standin: StandIn, tmp_path: Path) -> None:
    """The promise about 300 cells at 60 a minute, with short minutes; benchmarks/COMPARE.md has the real one."""
    minute, rpm, cells = 6.0, 24, 60
    standin.control(rpm=rpm, window=minute, latency=0.01)
    model = gemini(standin)
    board = Board()
    answered = ask_all(asker_of([model], tmp_path, Limits(minute=minute)), plans_of([model], cells), board)
    begun = standin.seen("interactions.create")[0]["at"]
    seconds = time.monotonic() - begun
    assert {cell.state for cell in answered} == {CellState.COMPLETED}
    assert {cell.attempts for cell in answered} == {1}, "a refusal uses up no retry"
    assert standin.paid() == cells
    refused = [call["at"] - begun for call in standin.log()["refused"]]
    assert len([at for at in refused if at > minute]) <= cells // 20, refused
    assert seconds <= 3 * cells / rpm * minute, "test_pace.py holds it to a tenth; a busy machine keeps no exact pace"


def test_the_delay_that_is_named_holds_for_all_cells_of_the_model_and_is_shown(
    standin: StandIn, tmp_path: Path
) -> None:
    standin.control(rpm=2, window=2.0, thinking=0.2)
    model = gemini(standin)
    board = Board()
    cells = ask_all(asker_of([model], tmp_path, Limits()), plans_of([model], 4), board)
    assert {cell.state for cell in cells} == {CellState.COMPLETED}
    (told, *more) = standin.log()["refused"]
    asked = [seen["at"] for seen in standin.seen("interactions.create")]
    assert [at for at in asked if told["at"] + 0.2 < at < asked[0] + 2.0] == []
    assert len(more) <= 1
    assert any("takes no more requests just now. Going on in" in message for message in board.waits())


def test_a_storm_at_one_model_slows_no_other(standin: StandIn, tmp_path: Path) -> None:
    stormy, calm = gemini(standin, "gemini-fake-429"), gemini(standin)  # the refusal names a delay of 26 s
    asker, board = asker_of([stormy, calm], tmp_path, Limits()), Board()

    async def ask() -> None:
        in_the_storm = [asyncio.create_task(asker.ask(plan, board, 0.0)) for plan in plans_of([stormy], 20)]
        while not board.waits():
            await asyncio.sleep(0.01)
        async with asyncio.timeout(10):
            cells = await asyncio.gather(*(asker.ask(plan, board, 0.0) for plan in plans_of([calm], 20)))
        assert {cell.state for cell in cells} == {CellState.COMPLETED}
        assert not any(task.done() for task in in_the_storm)
        for task in in_the_storm:
            task.cancel()

    asyncio.run(ask())
    assert any("Going on in 26 s." in message for message in board.waits())
    assert sum(seen["model"] == stormy.info.id for seen in standin.seen("interactions.create")) == 1


def test_known_limits_of_tokens_are_shown_and_kept(standin: StandIn, tmp_path: Path) -> None:
    model = gemini(standin)
    limits = Limits({"gemini": Limit(tokens_per_minute=1600)}, minute=3.0)
    board = Board()
    cells = ask_all(asker_of([model], tmp_path, limits), plans_of([model], 3), board)
    assert {cell.state for cell in cells} == {CellState.COMPLETED}
    assert any("The limit of tokens a minute for gemini-3.8-flash is reached" in each for each in board.waits())
    asked = [seen["at"] for seen in standin.seen("interactions.create")]
    assert asked[-1] - asked[0] >= 1.5, "most of a minute of three seconds, whatever the way there took"


def test_offline_is_waited_for_and_uses_up_no_retry(standin: StandIn, tmp_path: Path) -> None:
    """The address is refused at first, then somebody listens there."""
    with Proxy(standin) as proxy:
        model = gemini(standin, address=proxy.address)
        proxy.refuse()
        board = Board()

        def come_back() -> None:
            eventually(lambda: len(board.waits()) >= 3, 30)
            proxy.forward()

        (cell,) = ask_all(asker_of([model], tmp_path, Limits()), plans_of([model]), board, come_back)
    assert (cell.state, cell.attempts) == (CellState.COMPLETED, 1)
    assert "cannot be reached" in board.waits()[0]
    assert standin.paid() == 1


def error(kind: ErrorKind, **more: Any) -> ModelError:
    return ModelError(kind, "It failed.", "Do this.", **more)


def test_what_is_waited_for_uses_no_retry_and_has_an_end() -> None:
    endurance = Endurance(is_near=False)
    refused, offline = error(ErrorKind.RATE_LIMIT, retry_after=26.0), error(ErrorKind.CONNECTION, was_sent=False)
    assert endurance.after(refused, 1, 0.0) == Again(0.0, uses_retry=False)
    assert endurance.after(refused, 1, LONGEST_REFUSAL) is not None
    assert endurance.after(refused, 1, LONGEST_REFUSAL + 1) is None
    delays = [again.delay for now in range(5) if (again := endurance.after(offline, 1, 5000.0 + now))]
    assert delays == [2.0, 4.0, 8.0, 15.0, 15.0]
    assert endurance.after(offline, 1, 5000.0 + LONGEST_OFFLINE + 1) is None


def test_a_refusal_for_longer_than_a_cell_waits_ends_it_at_once() -> None:
    assert Endurance(is_near=False).after(error(ErrorKind.RATE_LIMIT, retry_after=7200.0), 1, 0.0) is None


def test_a_server_on_this_computer_that_is_not_there_is_given_up_soon() -> None:
    endurance = Endurance(is_near=True)
    offline = error(ErrorKind.CONNECTION, was_sent=False)
    outcomes = [endurance.after(offline, failures, 0.0) for failures in range(1, RETRIES.attempts + 1)]
    assert [again and again.uses_retry for again in outcomes] == [True, True, True, None]


@pytest.mark.parametrize("kind", [ErrorKind.DAILY_QUOTA, ErrorKind.AUTH, ErrorKind.BLOCKED])
def test_what_no_waiting_helps_is_not_asked_again(kind: ErrorKind) -> None:
    assert Endurance(is_near=False).after(error(kind), 1, 0.0) is None


def test_the_advice_of_a_cell_that_is_given_up_is_not_to_wait() -> None:
    given_up = final(Speaker("Gemini", "http://x", None, "KEY").error(Complaint(ErrorKind.OVERLOADED)))
    assert given_up.what_to_do == "Retry the cell later. If that goes on, choose another model."
    late = final(error(ErrorKind.RATE_LIMIT, retry_after=7200.0))
    assert late.what_to_do == "Retry the cell in 120 minutes."
