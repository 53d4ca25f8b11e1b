"""Kinds of job: a name, its handler, and the rules it runs by."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from longtake.errors import InvalidArgs, UnknownKind
from longtake.retries import NO_RETRY, RetryPolicy
from longtake.values import from_json, to_json

if TYPE_CHECKING:
    from longtake.context import JobContext

Handler = Callable[..., Awaitable[Any]]

SUBMIT_OPTIONS = frozenset({"priority", "run_at", "key", "tags", "title", "notify"})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How jobs of one name are run."""

    name: str
    handler: Handler
    retries: RetryPolicy = NO_RETRY
    concurrency: int | None = None
    """Jobs of this kind at once in one worker; None: as many as the worker takes."""
    timeout: float | None = None
    """Seconds an attempt may take; None: no limit."""
    notify: tuple[str, ...] = ()
    """Notification targets of every job of this kind."""
    about: str | None = None
    """The parameter that says what a job is about: a text or a list of them."""

    def __post_init__(self) -> None:
        """Refuse a handler that could never run."""
        if not inspect.iscoroutinefunction(self.handler):
            raise TypeError(
                f"The handler of {self.name!r} must be `async def`. Call blocking functions in it as steps: "
                "await job.step(name, function, ...) runs them in a child process."
            )
        clash = SUBMIT_OPTIONS & set(self.parameters())
        if clash:
            raise TypeError(f"{min(clash)!r} is an option of submit: name the parameter of {self.name!r} otherwise.")
        if self.about is not None and self.about not in self.parameters():
            raise TypeError(f"{self.name!r} has no parameter {self.about!r} that could say what its jobs are about.")
        if self.concurrency is not None and self.concurrency < 1:
            raise ValueError(f"concurrency of {self.name!r} must be at least 1.")

    def parameters(self) -> dict[str, inspect.Parameter]:
        """The handler's parameters, without the first, which takes the JobContext."""
        return dict(list(self._signature.parameters.items())[1:])

    def check(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as JSON, if the handler takes them.

        Raises:
            InvalidArgs: one is missing, unknown or of the wrong type. NotJson: one is no JSON value.
        """
        plain: dict[str, Any] = to_json(dict(args), f"arguments of {self.name!r}")
        self.typed(plain)
        return plain

    def typed(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments in the types that the handler names."""
        try:
            self._signature.bind(None, **args)
        except TypeError as error:
            raise InvalidArgs(f"{self.name!r} cannot take these arguments: {error}.") from error
        try:
            return {name: from_json(value, self._hints.get(name, Any)) for name, value in args.items()}
        except msgspec.ValidationError as error:
            raise InvalidArgs(f"{self.name!r} cannot take these arguments: {error}.") from error

    def about_of(self, args: Mapping[str, Any]) -> tuple[str, ...]:
        """What a job with these arguments is about, each word once."""
        value = None if self.about is None else args.get(self.about)
        words = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(word for word in words if word and isinstance(word, str)))

    @functools.cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self.handler)

    @functools.cached_property
    def _hints(self) -> dict[str, Any]:
        return typing.get_type_hints(self.handler)

    async def call(self, context: JobContext, args: Mapping[str, Any]) -> Any:
        """Run the handler."""
        return await self.handler(context, **self.typed(args))


class Kinds:
    """The kinds that a queue knows: a fixed list on the server's side; no request can name any other code."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}

    def add(self, kind: Kind) -> None:
        """Take a kind in; its name must be new."""
        if kind.name in self._kinds:
            raise ValueError(f"There is a kind {kind.name!r} already.")
        self._kinds[kind.name] = kind

    def get(self, name: str) -> Kind:
        """The kind of this name."""
        try:
            return self._kinds[name]
        except KeyError:
            known = ", ".join(sorted(self._kinds)) or "none"
            raise UnknownKind(f"There is no kind of job {name!r}. Known: {known}.") from None

    def modules(self) -> list[str]:
        """The modules of the handlers."""
        return list(dict.fromkeys(kind.handler.__module__ for kind in self._kinds.values()))

    def __contains__(self, name: str) -> bool:
        """Whether there is such a kind."""
        return name in self._kinds

    def __len__(self) -> int:
        """How many kinds there are."""
        return len(self._kinds)
