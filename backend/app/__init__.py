"""Longtake Compare: ask several video models the same prompts, as one background job."""

__version__ = "0.1.0"
