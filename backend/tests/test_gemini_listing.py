"""The list of Gemini's models: Google's own, filtered; our own few until it is at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from standin import StandIn
from standin.usual import KEY, QUICK

from app.models.errors import ErrorKind, ModelError
from app.models.gemini.listing import BUILT_IN, list_models
from app.models.gemini.service import ADDRESS, GeminiService, gemini_service


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.mark.parametrize("page_size", [50, 2])
def test_models_that_look_at_videos_are_listed_over_all_pages(standin: StandIn, page_size: int) -> None:
    standin.control(page_size=page_size)
    listed = asyncio.run(list_models(GeminiService(KEY, standin.address, patience=QUICK)))
    assert [model.name for model in listed] == ["gemini-3.8-flash", "gemini-3.1-pro-preview", "gemini-3.5-flash-lite"]
    assert listed[0].title == "Gemini 3.8 Flash"


def test_a_wrong_key_is_said_to_be_wrong(standin: StandIn) -> None:
    standin.control(key="the-only-good-key")
    with pytest.raises(ModelError) as caught:
        asyncio.run(list_models(GeminiService(KEY, standin.address, patience=QUICK)))
    assert caught.value.kind is ErrorKind.AUTH
    assert "GEMINI_API_KEY" in caught.value.what_to_do


def test_half_a_list_is_no_list(standin: StandIn) -> None:
    standin.control(fault="502", on="models")
    with pytest.raises(ModelError):
        asyncio.run(list_models(GeminiService(KEY, standin.address, patience=QUICK)))


def test_our_own_list_has_no_model_that_was_shut_down() -> None:
    names = {model.name for model in BUILT_IN}
    assert not names & {"gemini-3-pro-preview", "gemini-2.5-flash"}


def test_key_address_and_version_come_from_the_variables_that_googles_sdk_reads() -> None:
    usual = gemini_service({"GEMINI_API_KEY": "one"}, QUICK)
    assert (usual.address, usual.version) == (ADDRESS, "v1beta")
    assert usual.key is not None
    assert usual.key.variable == "GEMINI_API_KEY"
    other = gemini_service(
        {
            "GEMINI_API_KEY": "one",
            "GOOGLE_API_KEY": " two ",
            "GOOGLE_GEMINI_BASE_URL": "https://gateway.example/",
            "GOOGLE_GENAI_API_VERSION": "v1",
        },
        QUICK,
    )
    assert other.key is not None
    assert (other.key.variable, other.key.value) == ("GOOGLE_API_KEY", "two")
    assert (other.address, other.version) == ("https://gateway.example", "v1")
    assert gemini_service({"GEMINI_API_KEY": ""}, QUICK).key is None
