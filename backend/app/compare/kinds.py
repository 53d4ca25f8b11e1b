"""The names of the two kinds of job that compare."""

from __future__ import annotations

from typing import Final

SINGLE: Final = "compare"
BATCH: Final = "batch_compare"
