"""What answers cost, estimated from published prices (genai-prices, which asks no network)."""

from __future__ import annotations

from functools import cache

from genai_prices import Usage, calc_price

_MILLION = 1_000_000
_SAMPLE = 1000
"""Tokens; below every tier."""


def estimate_usd(
    model: str, *, provider_url: str, input_tokens: int, output_tokens: int, audio_tokens: int | None = None
) -> float | None:
    """Estimate the price of one answer in US dollars; None when the price of the model is unknown.

    `output_tokens` include those spent on thinking; `audio_tokens` are those of the input that are sound.
    """
    heard = {"input_audio_tokens": audio_tokens} if audio_tokens and audio_tokens <= input_tokens else {}
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, **heard)
    try:
        return float(calc_price(usage, model, provider_api_url=provider_url).total_price)
    except (LookupError, ValueError):
        return None


@cache
def price_in_words(model: str, *, provider_url: str) -> str | None:
    """Say what a million tokens cost; None when that is unknown."""
    per_input = estimate_usd(model, provider_url=provider_url, input_tokens=_SAMPLE, output_tokens=0)
    per_output = estimate_usd(model, provider_url=provider_url, input_tokens=0, output_tokens=_SAMPLE)
    if per_input is None or per_output is None:
        return None
    scale = _MILLION / _SAMPLE
    return f"${per_input * scale:.4g} in, ${per_output * scale:.4g} out per million tokens (est.)"
