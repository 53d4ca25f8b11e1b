"""A stand-in for the providers: a real HTTP server on loopback that speaks like Gemini and like OpenAI.

Start reading at `state.py`: what it can be told to do. `running.StandIn` runs it inside a test,
`python -m standin --port 8900` as a process of its own. Any key is good unless one is set.
"""

from __future__ import annotations

from standin.running import StandIn

__all__ = ["StandIn"]
