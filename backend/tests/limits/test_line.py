"""Who may ask now: places in turn between jobs, and one storm that holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.models.limits.limit import Limit, parse_limits, usual_limit
from app.models.limits.limits import Limits
from app.models.limits.line import Line
from app.models.limits.pace import Wait
from app.models.limits.places import Places
from app.settings import Settings, SettingsError


async def nothing(wait: Wait) -> None:
    """Tell nobody."""


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test in a loop of its own."""

    async def in_time() -> None:
        async with asyncio.timeout(10):
            await test()

    asyncio.run(in_time())


class Cells:
    """Cells that hold a place until they are told to let go."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.inside: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._done: dict[str, asyncio.Event] = {}

    def come(self, *names: str) -> None:
        for name in names:
            self._done[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._hold(name))

    def leave(self, name: str) -> None:
        self._done[name].set()

    def cancel(self, name: str) -> None:
        self._tasks[name].cancel()

    async def _hold(self, name: str) -> None:
        async with self._places.hold(name[0]):
            self.inside.append(name)
            await self._done[name].wait()


def test_a_small_job_gets_its_turn_while_a_large_one_waits() -> None:
    async def test() -> None:
        cells = Cells(Places(1))
        cells.come("a1", "a2", "a3", "a4")
        await settle()
        cells.come("b1", "b2", "c1")
        for _ in range(7):
            await settle()
            cells.leave(cells.inside[-1])
        await settle()
        assert cells.inside == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]

    run(test)


def test_a_place_is_not_lost_with_a_cell_that_is_cancelled() -> None:
    async def test() -> None:
        cells = Cells(Places(1))
        cells.come("a1", "a2", "b1", "a3")
        await settle()
        cells.cancel("a2")
        cells.leave("a1")
        cells.cancel("b1")
        await settle()
        assert cells.inside[-1] == "a3"
        cells.leave("a3")
        await settle()
        cells.come("c1")
        await settle()
        assert cells.inside[-1] == "c1"

    run(test)


def test_a_place_given_to_a_cell_in_the_moment_of_its_cancelling_goes_to_the_next() -> None:
    async def test() -> None:
        cells = Cells(Places(1))
        cells.come("a1", "b1", "c1")
        await settle()
        cells.cancel("a1")
        await asyncio.sleep(0)  # its place is b1's now, which has not woken up yet
        cells.cancel("b1")
        await settle()
        assert cells.inside == ["a1", "c1"]

    run(test)


def test_a_refusal_holds_up_its_own_model_and_no_other() -> None:
    async def test() -> None:
        limits = Limits()
        stormy, calm = limits.line("gemini", "gemini-1"), limits.line("openai", "openai/2")
        sibling = limits.line("gemini", "gemini-2")
        stormy.refused(await stormy.send(0, nothing), 300.0)
        waiting = asyncio.create_task(stormy.send(0, nothing))
        for line in (calm, sibling):
            async with asyncio.timeout(2):
                await line.opened(nothing)
                await line.send(0, nothing)
        assert not waiting.done()
        waiting.cancel()

    run(test)


def test_a_waiting_call_goes_out_as_soon_as_there_is_news_and_in_its_order() -> None:
    async def test() -> None:
        now = 0.0
        told: list[Wait] = []

        async def tell(wait: Wait) -> None:
            told.append(wait)

        line = Line(Limit(tokens_per_minute=100), lambda: now)
        first = await line.send(100, nothing)
        line.accepted(first)
        order: list[int] = []

        async def send(number: int) -> None:
            await line.send(10, tell)
            order.append(number)

        tasks = [asyncio.create_task(send(number)) for number in range(3)]
        await settle()
        assert order == []
        assert {round(wait.seconds) for wait in told} == {60}
        line.settled(first, 20)
        await asyncio.wait(tasks)
        assert order == [0, 1, 2]

    run(test)


def test_models_of_one_server_on_this_computer_share_its_places() -> None:
    limits = Limits(shared=["vllm"])
    assert limits.line("ollama", "ollama/a") is limits.line("ollama", "ollama/b")
    assert limits.line("vllm", "vllm/a") is limits.line("vllm", "vllm/b")
    assert limits.line("gemini", "gemini-a") is not limits.line("gemini", "gemini-b")


def test_a_limit_of_a_model_stands_over_that_of_its_provider_and_both_over_what_is_usual() -> None:
    limits = Limits({"gemini": Limit(at_once=3, tokens_per_minute=9), "gemini-b": Limit(at_once=1)})
    assert limits.limit("gemini", "gemini-a") == Limit(at_once=3, tokens_per_minute=9)
    assert limits.limit("gemini", "gemini-b") == Limit(at_once=1, tokens_per_minute=9)
    assert limits.limit("local", "local/scenes") == usual_limit("local") == Limit(at_once=2)


def test_the_setting_is_read() -> None:
    text = '{"gemini": {"requests_per_minute": 60}, "openai/gpt": {"at_once": 2}}'
    settings = Settings.from_environment({"LONGTAKE_COMPARE_LIMITS": text})
    assert settings.limits == {"gemini": Limit(requests_per_minute=60), "openai/gpt": Limit(at_once=2)}


@pytest.mark.parametrize(
    "text", ["60", "[]", '{"gemini": 60}', '{"gemini": {"rpm": 6}}', '{"gemini": {"at_once": 0}}', "{", "\ud800"]
)
def test_a_setting_that_makes_no_sense_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="LONGTAKE_COMPARE_LIMITS must be a JSON object such as"):
        Settings.from_environment({"LONGTAKE_COMPARE_LIMITS": text})
    with pytest.raises(ValueError, match="requests_per_minute"):
        parse_limits(text)
