"""All models by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Protocol

from msgspec import Struct

from app.models.base import InputMode, VideoModel
from app.models.demo import demo_models
from app.models.errors import ErrorKind, ModelError
from app.models.local import local_models

_LONGEST_ID = 200


class ModelEntry(Struct, frozen=True, kw_only=True):
    """One model in the list a person chooses from."""

    id: str
    provider: str
    title: str
    description: str
    available: bool
    why_not: str | None
    """A sentence, when it is not available; so is `what_to_do`."""
    what_to_do: str | None
    input_mode: InputMode
    reads_prompt: bool
    price: str | None


class Source(Protocol):
    """Models that come and go, as other servers list them."""

    def models(self) -> list[VideoModel]:
        """Those that are listed now."""
        ...

    def find(self, model_id: str) -> VideoModel | None:
        """A model by its id, listed or not; None when it is none of this source's."""
        ...

    def may_have(self, model_id: str) -> bool:
        """False when its provider has given its list and this model is not on it."""
        ...


class Registry:
    """Finds models by id; iterates over them in the order they were given, those of the source before the `last`."""

    def __init__(
        self, models: Iterable[VideoModel], source: Source | None = None, last: Iterable[VideoModel] = ()
    ) -> None:
        self._fixed: dict[str, VideoModel] = {}
        self._source = source
        self._first, self._last = list(models), list(last)
        for model in (*self._first, *self._last):
            if model.info.id in self._fixed:
                raise ValueError(f"Two models are called {model.info.id}: give one of them another id.")
            self._fixed[model.info.id] = model

    def get(self, model_id: str) -> VideoModel:
        """Return the model called `model_id`, also one that is not listed (any more).

        Raises ModelError (not_found) with the nearest names.
        """
        found = self._fixed.get(model_id) or (self._source and self._source.find(model_id))
        if not found:
            raise self._unknown(model_id[:_LONGEST_ID])
        return found

    def get_listed(self, model_id: str) -> VideoModel:
        """The same, but refuses a model that its provider does not list."""
        if model_id not in self._fixed and self._source and not self._source.may_have(model_id):
            raise self._unknown(model_id[:_LONGEST_ID])
        return self.get(model_id)

    def entries(self) -> tuple[ModelEntry, ...]:
        """List every model, with what keeps it from answering now."""
        return tuple(map(_entry, self))

    def __iter__(self) -> Iterator[VideoModel]:
        yield from self._first
        if self._source:
            yield from self._source.models()
        yield from self._last

    def _unknown(self, model_id: str) -> ModelError:
        ids = [model.info.id for model in self]
        near = get_close_matches(model_id, ids)
        advice = f"Did you mean {' or '.join(near)}?" if near else f"Choose one of: {', '.join(ids)}."
        return ModelError(ErrorKind.NOT_FOUND, f"There is no model called {model_id!r}.", advice)


def build_registry(source: Source | None = None, *, demo_stream_seconds: float = 3.0) -> Registry:
    """Register the local models, then those of `source`, and the simulations last."""
    return Registry(local_models(), source, demo_models(demo_stream_seconds))


def _entry(model: VideoModel) -> ModelEntry:
    info, missing = model.info, model.missing()
    return ModelEntry(
        id=info.id,
        provider=info.provider,
        title=info.title,
        description=info.description,
        available=missing is None,
        why_not=missing.why if missing else None,
        what_to_do=missing.what_to_do if missing else None,
        input_mode=info.input_mode,
        reads_prompt=info.reads_prompt,
        price=info.price,
    )
