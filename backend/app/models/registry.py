"""All models by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

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


class Registry:
    """Finds models by id; iterates over them in the order they were given."""

    def __init__(self, models: Iterable[VideoModel]) -> None:
        self._models: dict[str, VideoModel] = {}
        for model in models:
            if model.info.id in self._models:
                raise ValueError(f"Two models are called {model.info.id}: give one of them another id.")
            self._models[model.info.id] = model

    def get(self, model_id: str) -> VideoModel:
        """Return the model called `model_id`. Raises ModelError (not_found) with the nearest names."""
        try:
            return self._models[model_id]
        except KeyError:
            raise self._unknown(model_id[:_LONGEST_ID]) from None

    def entries(self) -> tuple[ModelEntry, ...]:
        """List every model, with what keeps it from answering now."""
        return tuple(map(_entry, self))

    def __iter__(self) -> Iterator[VideoModel]:
        return iter(self._models.values())

    def _unknown(self, model_id: str) -> ModelError:
        near = get_close_matches(model_id, self._models)
        advice = f"Did you mean {' or '.join(near)}?" if near else f"Choose one of: {', '.join(self._models)}."
        return ModelError(ErrorKind.NOT_FOUND, f"There is no model called {model_id!r}.", advice)


def build_registry(remote: Iterable[VideoModel] = (), *, demo_stream_seconds: float = 3.0) -> Registry:
    """Register the local models, then `remote` ones, and the simulations last."""
    return Registry([*local_models(), *remote, *demo_models(demo_stream_seconds)])


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
