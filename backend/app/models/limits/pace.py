"""When the next call of a model may go out. All the rules, and no clock: time is an argument, in seconds.

- Known limits hold for every stretch of a minute. What a call will cost in tokens is estimated before it and corrected
  after it.
- A refusal closes the way for every call, for as long as the provider says; when it says nothing, 2 s, 4 s, … 60 s.
- What the provider has let through in the minute before is what it allows: calls go out evenly at that pace from then
  on. A further refusal takes up to half of it, never less than a twentieth.
- Where nothing was refused for a while, and calls had to wait, the pace rises: quickly up to where it was refused last,
  then in rare attempts to get more, rarer after each that fails.
- While it is uncertain whether the way is free (at the start, and after a refusal), one call goes ahead of the others.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from app.models.limits.limit import Limit

MINUTE = 60.0
SCOUTING = 0.5
"""Seconds to wait at most for news of the call that went ahead."""
_MARGIN = 0.15
"""Seconds: calls do not all travel equally fast."""
_SHARE = 0.97
"""Of what was found to be allowed, for the same reason."""
_MOST_KEPT, _LEAST_KEPT = 0.95, 0.5
_UNKNOWN = 30.0
"""Calls a minute when the first call of all was refused."""
_QUICK, _CAREFUL = 1.25, 1.1
_FIRST_BACKOFF, _LONGEST_BACKOFF = 2.0, 60.0
_LONGEST_PROBE = 32.0
"""Minutes between two attempts to get more."""


class Why(StrEnum):
    """What a call waits for."""

    REFUSED = "refused"
    REQUESTS = "requests"
    TOKENS = "tokens"
    PACE = "pace"
    SCOUT = "scout"


@dataclass(frozen=True)
class Wait:
    """How long a call must wait, as far as is known now."""

    seconds: float
    why: Why


@dataclass(eq=False)
class Sent:
    """A call that went out."""

    at: float
    tokens: int


class Pace:
    """The calls of one model in the last minute, and what was learnt from them."""

    def __init__(self, limit: Limit, minute: float = MINUTE) -> None:
        self._limit = limit
        self._minute = minute
        self._sent: deque[Sent] = deque()
        self.rate: float | None = None
        """Calls a minute, spread evenly; None until the first refusal."""
        self._ceiling: float | None = None
        self._next = float("-inf")
        self._closed_until = float("-inf")
        self._streak = 0
        self._changed_at = float("-inf")
        self._cut_at = float("-inf")
        self._span = minute
        self._has_waited = False
        self._is_probing = False
        self._probe_after = 2 * minute
        self._is_free = False
        self._scout: Sent | None = None

    def wait(self, now: float, tokens: int = 0) -> Wait | None:
        """How long a call of so many tokens must wait; None when it may go out now."""
        self._forget(now)
        longest = max(
            Wait(self._closed_until - now, Why.REFUSED),
            Wait(self._requests(now), Why.REQUESTS),
            Wait(self._tokens(now, tokens), Why.TOKENS),
            Wait(self._next - now, Why.PACE),
            Wait(self._scouting(now), Why.SCOUT),
            key=lambda wait: wait.seconds,
        )
        if longest.why is Why.PACE and longest.seconds > 0:
            self._has_waited = True
        return longest if longest.seconds > 0 else None

    def closed(self, now: float) -> float:
        """Seconds until calls are let through at all again; 0 when they are."""
        return max(0.0, self._closed_until - now)

    def send(self, now: float, tokens: int = 0) -> Sent:
        """Note that a call goes out."""
        sent = Sent(now, tokens)
        self._sent.append(sent)
        if not self._is_free:
            self._scout = sent
        if self.rate is not None:
            self._rise(now)
            interval = self._minute / self.rate
            # Late calls may be made up for by at most one, so that a busy computer does not slow the pace.
            self._next = max(self._next, now - interval) + interval
        return sent

    def accepted(self, sent: Sent) -> None:
        """A call was taken in by the provider."""
        if sent.at >= self._cut_at:
            self._is_free = True
            self._scout = None
            self._streak = 0

    def settled(self, sent: Sent, tokens: int) -> None:
        """What a call has really cost in tokens."""
        sent.tokens = tokens

    def refused(self, now: float, sent: Sent, delay: float | None) -> None:
        """A call was refused because there were too many; `delay` is what the provider names."""
        self._forget(now)
        if sent in self._sent:
            self._sent.remove(sent)
        if sent.at < self._cut_at:
            self._refused_with_others(now, delay)
            return
        self._streak += 1
        self._close(now, delay)
        self._cut(now)
        self._cut_at = now
        self._is_free = False
        self._scout = None

    def _refused_with_others(self, now: float, delay: float | None) -> None:
        """It went out before the pace was cut: the same news again, so that one call less was let through."""
        if delay is not None:
            self._close(now, delay)
        if self.rate is not None and self._ceiling is not None:
            share = max(1.0, self._ceiling - self._minute / self._span) / self._ceiling
            self._ceiling *= share
            self.rate *= share

    def _close(self, now: float, delay: float | None) -> None:
        backoff = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2.0 ** (self._streak - 1)) * self._minute / MINUTE
        self._closed_until = max(self._closed_until, now + (backoff if delay is None else delay + _MARGIN))
        self._next = max(self._next, self._closed_until)

    def _cut(self, now: float) -> None:
        """Go on at the pace that the provider has let through."""
        oldest = self._sent[0].at if self._sent else now
        self._span = min(self._minute, max(self._minute / 60, self._closed_until - oldest))
        found = len(self._sent) * self._minute / self._span
        if self.rate is None:
            self.rate = max(1.0, found * _SHARE) if self._sent else _UNKNOWN
            self._ceiling = found if self._sent else None
        else:
            if self._is_probing:
                self._probe_after = min(2 * self._probe_after, _LONGEST_PROBE * self._minute)
            kept = min(_MOST_KEPT * self.rate, max(_LEAST_KEPT * self.rate, found * _SHARE))
            self.rate = max(1.0, kept)
            self._ceiling = self.rate / _SHARE
        self._is_probing = False
        self._has_waited = False
        self._changed_at = self._closed_until

    def _rise(self, now: float) -> None:
        if self.rate is None or not self._has_waited:
            return
        near = self._ceiling is not None and self.rate >= 0.9 * self._ceiling
        if now - self._changed_at < (self._probe_after if near else self._minute / 12):
            return
        if near:
            if self._is_probing:
                self._probe_after = 2 * self._minute
                self._ceiling = self.rate
            self.rate *= _CAREFUL
            self._is_probing = True
        else:
            top = float("inf") if self._ceiling is None else self._ceiling * _SHARE
            self.rate = min(self.rate * _QUICK, top)
        self._changed_at = now
        self._has_waited = False

    def _requests(self, now: float) -> float:
        most = self._limit.requests_per_minute
        if most is None or len(self._sent) < most:
            return 0.0
        return self._sent[-most].at + self._minute + _MARGIN - now

    def _tokens(self, now: float, tokens: int) -> float:
        """A call that takes more than a whole minute may have goes out alone."""
        most = self._limit.tokens_per_minute
        if most is None:
            return 0.0
        too_many = sum(sent.tokens for sent in self._sent) + tokens - most
        if too_many <= 0 or not self._sent:
            return 0.0
        for sent in self._sent:
            too_many -= sent.tokens
            if too_many <= 0:
                break
        return sent.at + self._minute + _MARGIN - now

    def _scouting(self, now: float) -> float:
        return 0.0 if self._is_free or self._scout is None else self._scout.at + SCOUTING - now

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0].at <= now - self._minute - _MARGIN:
            self._sent.popleft()
