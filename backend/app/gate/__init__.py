"""The gate: what every request passes before anything else of the server sees it.

`Gate` is the whole of it; start reading there. `LaunchCodes` makes the one-time links that let a browser in.
"""

from app.gate.gate import Gate
from app.gate.launching import LaunchCodes

__all__ = ["Gate", "LaunchCodes"]
