"""All cells of all jobs that ask one model with one key: who may ask now, and what the provider said to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.models.limits.limit import AT_ONCE, Limit
from app.models.limits.pace import MINUTE, Pace, Sent, Wait
from app.models.limits.places import Places

Tell = Callable[[Wait], Awaitable[None]]
"""Hears that a call must wait, for how long and why."""


class Line:
    """Lives in the memory of one worker: after a restart it begins carefully."""

    def __init__(self, limit: Limit, clock: Callable[[], float], minute: float = MINUTE) -> None:
        self.places = Places(limit.at_once or AT_ONCE)
        self._pace = Pace(limit, minute)
        self._clock = clock
        self._head = asyncio.Lock()
        self._news = asyncio.Event()
        self._usual_tokens = 0

    @property
    def now(self) -> float:
        """The time of this line, in seconds."""
        return self._clock()

    def turn(self, tell: Tell) -> Turn:
        """One cell's dealings with this line."""
        return Turn(self, tell)

    async def send(self, tokens: int, tell: Tell) -> Sent:
        """Wait until a call may go out, first come first served, and note that it does.

        `tokens` is what it is thought to cost; 0 takes what calls of this line usually cost.
        """
        tokens = tokens or self._usual_tokens
        if wait := self._pace.wait(self.now, tokens):
            await tell(wait)
        async with self._head:
            while wait := self._pace.wait(self.now, tokens):
                await tell(wait)
                await self._sleep(wait.seconds)
            return self._pace.send(self.now, tokens)

    async def opened(self, tell: Tell) -> None:
        """Wait as long as the provider takes nothing at all."""
        while (wait := self._pace.wait(self.now)) and self._pace.closed(self.now):
            await tell(wait)
            await asyncio.sleep(wait.seconds)

    def accepted(self, sent: Sent) -> None:
        """The provider has taken the call in."""
        self._pace.accepted(sent)
        self._news.set()

    def settled(self, sent: Sent, tokens: int) -> None:
        """What the call really cost."""
        self._pace.settled(sent, tokens)
        self._usual_tokens = round((3 * (self._usual_tokens or tokens) + tokens) / 4)
        self._news.set()

    def refused(self, sent: Sent, delay: float | None) -> None:
        """The provider has refused the call, because there were too many."""
        self._pace.refused(self.now, sent, delay)
        self._news.set()

    async def _sleep(self, seconds: float) -> None:
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return


class Turn:
    """What one cell tells its line, call by call."""

    def __init__(self, line: Line, tell: Tell) -> None:
        self._line = line
        self.tokens = 0
        """What a call is thought to cost; 0 when nothing is known."""
        self._tell = tell
        self._sent: Sent | None = None
        self._is_accepted = False

    async def before_call(self) -> None:
        """Wait until the call may go out; it must follow at once."""
        self._sent = await self._line.send(self.tokens, self._tell)
        self._is_accepted = False

    async def opened(self) -> None:
        """Wait as long as the provider takes nothing at all."""
        await self._line.opened(self._tell)

    def heard(self) -> None:
        """There was a sign that the provider works on the call."""
        if self._sent is not None and not self._is_accepted:
            self._is_accepted = True
            self._line.accepted(self._sent)

    def answered(self, tokens: int | None) -> None:
        """The call came to an answer, which cost so many tokens."""
        self.heard()
        if self._sent is not None and tokens is not None:
            self._line.settled(self._sent, tokens)

    def refused(self, delay: float | None) -> None:
        """The call was refused because there were too many; `delay` is what the provider named."""
        self._line.refused(self._sent or Sent(self._line.now, 0), delay)
        self._sent = None
