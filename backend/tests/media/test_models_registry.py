"""Models are found by id, and a wrong id gets help."""

from __future__ import annotations

import msgspec
import pytest

from app.models.base import NO_OPTIONS, Answer, AskOptions, InputMode, Listener, Missing, ModelInfo, Video, VideoModel
from app.models.demo import DemoStream
from app.models.errors import PASSING, ErrorKind, ModelError
from app.models.registry import Registry, build_registry

REGISTRY = build_registry()


class Keyless:
    """A remote model whose key is not set."""

    info = ModelInfo(
        id="far/away",
        provider="far",
        title="Far away",
        description="Needs a key.",
        input_mode=InputMode.NATIVE,
        reads_prompt=True,
    )

    def missing(self) -> Missing | None:
        return Missing(why="No API key for far/away.", what_to_do="Set FAR_API_KEY.")

    async def answer(
        self,
        video: Video,
        prompt: str,
        listener: Listener,
        *,
        attempt: int = 1,
        options: AskOptions = NO_OPTIONS,
    ) -> Answer:
        raise ModelError(ErrorKind.AUTH, "No API key for far/away.", "Set FAR_API_KEY.")


class FarAway:
    """A source of one model."""

    def models(self) -> list[VideoModel]:
        return [Keyless()]

    def find(self, model_id: str) -> VideoModel | None:
        return Keyless() if model_id == Keyless.info.id else None

    def may_have(self, model_id: str) -> bool:
        return model_id == Keyless.info.id


def test_local_models_come_first_and_simulations_last() -> None:
    ids = [model.info.id for model in build_registry(FarAway())]
    assert ids == [
        "local/scenes",
        "local/scenes-sensitive",
        "local/quality",
        "local/text",
        "far/away",
        "demo/stream",
        "demo/flaky",
    ]


def test_every_model_is_found_by_its_id() -> None:
    for model in REGISTRY:
        assert REGISTRY.get(model.info.id) is model


@pytest.mark.parametrize(("wrong", "right"), [("local/scnes", "local/scenes"), ("demo/steam", "demo/stream")])
def test_a_misspelt_id_is_answered_with_the_nearest(wrong: str, right: str) -> None:
    with pytest.raises(ModelError) as caught:
        REGISTRY.get(wrong)
    assert caught.value.kind is ErrorKind.NOT_FOUND
    assert wrong in caught.value.message
    assert right in caught.value.what_to_do
    assert not caught.value.retryable


@pytest.mark.parametrize("wrong", ["", "x" * 1_000_000, "\x00\n", "\N{GRINNING FACE}"])
def test_an_id_like_nothing_we_have_is_answered_with_the_list(wrong: str) -> None:
    with pytest.raises(ModelError) as caught:
        REGISTRY.get(wrong)
    assert "local/quality" in caught.value.what_to_do
    assert len(caught.value.message) < 1000


def test_an_id_can_be_taken_once_only() -> None:
    with pytest.raises(ValueError, match="demo/stream"):
        Registry([DemoStream(), DemoStream()])


def test_the_list_says_what_keeps_a_model_from_answering() -> None:
    entries = {entry.id: entry for entry in build_registry(FarAway()).entries()}
    assert entries["local/scenes"].available
    assert entries["far/away"].why_not == "No API key for far/away."
    assert entries["far/away"].what_to_do == "Set FAR_API_KEY."
    assert msgspec.to_builtins(entries["local/scenes"]) == {
        "id": "local/scenes",
        "provider": "local",
        "title": "Scenes",
        "description": "Finds the hard cuts and lists the scenes between them.",
        "available": True,
        "why_not": None,
        "what_to_do": None,
        "input_mode": "local",
        "reads_prompt": False,
        "price": "free",
    }


def test_only_passing_troubles_are_retried_unless_said_otherwise() -> None:
    for kind in ErrorKind:
        assert ModelError(kind, "It failed.", "Wait.").retryable is (kind in PASSING)
    assert ModelError(ErrorKind.INVALID, "It failed.", "Wait.", retryable=True).retryable
    assert str(ModelError(ErrorKind.INVALID, "It failed.", "Wait.")) == "It failed."
