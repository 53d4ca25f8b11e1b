"""What the stand-in is told to do, and what it remembers of what it was asked."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from standin.breaking import BEFORE, MIDWAY
from standin.refusals import REFUSALS
from standin.wire import Request

_SPOILT = frozenset(
    {
        "blocked",
        "safety",
        "max-tokens",
        "max-tokens-text",
        "over-budget",
        "empty",
        "empty-content",
        "unknown-reason",
        "error-in-stream",
        "file-lost-inside",
        "echo-key",
        "lost-answer",
        "stuck",
        "failed",
    }
)
"""Faults of the answer itself; see also REFUSALS, BEFORE and MIDWAY. `event-` before a refusal sends it as an event."""
_IN_MODEL_NAME = re.compile(r"fake-([a-z0-9-]+)$")


@dataclass(frozen=True)
class Settings:
    """How it behaves when nothing goes wrong; set by `POST /_control`."""

    latency: float = 0.0
    """Seconds before each piece of an answer."""
    thinking: float = 0.0
    """Seconds before the first piece."""
    pieces: int = 6
    """An answer comes in so many."""
    hold_after: int | None = None
    """An interaction waits after so many pieces until this is None again."""
    rpm: int | None = None
    """Calls of one model within `window`; more are refused. None is no limit."""
    window: float = 60.0
    """Seconds."""
    processing_polls: int = 1
    """An uploaded file is PROCESSING so many times before it is ACTIVE."""
    file_seconds: float = 48 * 3600.0
    """Files expire after this."""
    answering_model: str | None = None
    """Answers in place of the model that was asked."""
    answer: str | None = None
    """The text of every answer; None makes one up."""
    key: str | None = None
    """The only good key; None takes any."""
    redirect: str | None = None
    """Every request is sent on to this address."""
    page_size: int = 50
    """Models on one page of the list."""
    labelled: bool = False
    """List models under titles that say what they are, and one for each fault that people should see."""


@dataclass
class Order:
    """One fault to be shown `times` times."""

    fault: str
    on: str = "ask"
    """At these requests only: `ask` (a prompt), `look`, `stream` and `cancel` (an interaction), `upload-start`,
    `upload` (a piece), `file` (looking at one), `models` (a list)."""
    times: int = 1


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    api: str
    """Such as `gemini.generate`, `interactions.create`, `openai.chat`, `files.chunk`."""
    method: str
    path: str
    query: Mapping[str, str]
    key: str
    headers: Mapping[str, str]
    model: str | None = None
    prompt: str | None = None
    label: str | None = None
    body: Mapping[str, Any] | None = None
    size: int = 0
    """Bytes of the body."""
    at: float = field(default_factory=time.monotonic)
    """Seconds."""


@dataclass
class State:
    """All of it; nothing survives the process."""

    settings: Settings = field(default_factory=Settings)
    orders: list[Order] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    paid: list[dict[str, Any]] = field(default_factory=list)
    """Calls that a provider would charge for: model, prompt, label."""
    refused: list[dict[str, Any]] = field(default_factory=list)
    """Calls that came too soon: model, and when."""
    _calls: dict[str, list[float]] = field(default_factory=dict)

    def control(self, wishes: Mapping[str, Any]) -> dict[str, Any]:
        """Take settings, and a fault to show (`fault`, `on`, `times`); return the settings that hold now.

        Raises ValueError for what it does not know.
        """
        changes = dict(wishes)
        if "fault" in changes:
            self.orders.append(_order(changes.pop("fault"), changes.pop("on", "ask"), changes.pop("times", 1)))
        unknown = changes.keys() - {each.name for each in fields(Settings)}
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        self.settings = replace(self.settings, **changes)
        return asdict(self.settings)

    def fault(self, on: str, model: str = "") -> str | None:
        """What must go wrong with this request: what was ordered comes first, then what the model's name says."""
        for order in self.orders:
            if order.on == on and order.times > 0:
                order.times -= 1
                return order.fault
        named = _IN_MODEL_NAME.search(model) if on == "ask" else None
        return named[1] if named else None

    def too_often(self, model: str) -> float | None:
        """Count a call; if it is one too many, tell after how many seconds another is welcome."""
        if self.settings.rpm is None:
            return None
        now = time.monotonic()
        calls = [moment for moment in self._calls.get(model, []) if now - moment < self.settings.window]
        self._calls[model] = calls
        if len(calls) >= self.settings.rpm:
            self.refused.append({"model": model, "at": now})
            return self.settings.window - (now - calls[0])
        calls.append(now)
        return None

    def note(self, request: Request, api: str, **what: Any) -> None:
        """Remember a request."""
        self.seen.append(
            Seen(
                api,
                request.method,
                request.path,
                request.query,
                request.key,
                request.headers,
                size=len(request.body),
                **what,
            )
        )

    def charge(self, model: str, prompt: str, label: str | None = None) -> None:
        """Remember a call that costs money."""
        self.paid.append({"model": model, "prompt": prompt, "label": label})

    def log(self) -> dict[str, Any]:
        """All that was seen and charged, for `GET /_log`."""
        labels = [call["label"] for call in self.paid]
        return {
            "requests": [asdict(seen) for seen in self.seen],
            "paid": self.paid,
            "refused": self.refused,
            "paid_by_label": {str(label): labels.count(label) for label in labels},
        }


def _order(fault: str, on: str, times: int) -> Order:
    known = {*REFUSALS, *BEFORE, *MIDWAY, *_SPOILT, *(f"event-{refusal}" for refusal in REFUSALS)}
    if fault not in known:
        raise ValueError(f"no such fault: {fault}")
    return Order(fault, on, times)
