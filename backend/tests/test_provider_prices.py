"""Costs are estimated from published prices, and unknown ones are said to be unknown."""

from __future__ import annotations

import pytest

from app.models.gemini.service import ADDRESS
from app.models.prices import estimate_usd, price_in_words


def test_tokens_in_and_out_have_their_prices() -> None:
    cost = estimate_usd("gemini-3.8-flash", provider_url=ADDRESS, input_tokens=1_000_000, output_tokens=100_000)
    assert cost == pytest.approx(0.75 + 0.375)


def test_sound_may_cost_more_than_pictures() -> None:
    known = {"provider_url": ADDRESS, "input_tokens": 1_000_000, "output_tokens": 0}
    silent = estimate_usd("gemini-2.5-flash", **known)  # type: ignore[arg-type]  # one dict for two calls
    loud = estimate_usd("gemini-2.5-flash", audio_tokens=100_000, **known)  # type: ignore[arg-type]  # the same
    assert silent == pytest.approx(0.30)
    assert loud == pytest.approx(0.37)


def test_more_sound_than_input_does_not_make_sense_and_is_left_out() -> None:
    cost = estimate_usd("gemini-2.5-flash", provider_url=ADDRESS, input_tokens=10, output_tokens=0, audio_tokens=99)
    assert cost == pytest.approx(3e-6)


@pytest.mark.parametrize(("model", "url"), [("gemini-99", ADDRESS), ("gpt-5", "http://gpu:8000/v1")])
def test_a_price_that_is_unknown_is_none(model: str, url: str) -> None:
    assert estimate_usd(model, provider_url=url, input_tokens=1, output_tokens=1) is None
    assert price_in_words(model, provider_url=url) is None


def test_a_price_is_told_in_words() -> None:
    assert price_in_words("gpt-5", provider_url="https://api.openai.com/v1") == (
        "$1.25 in, $10 out per million tokens (est.)"
    )
