"""Who is measured, and what each keeps of a job that it has taken. Imports none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Service = Literal["redis", "postgres"]
Durability = Literal["P", "M"]

DURABILITY = {
    "P": "survives a power cut: synced before the answer",
    "M": "in the memory of the web process: lost with it",
}


@dataclass(frozen=True)
class Contender:
    """A job system in its default settings, behind `peers.<name>.Measured`."""

    name: str
    durability: Durability
    service: Service | None = None
    package: str = ""
    """Whose version is reported; its environment is pinned in `requirements/<name>.txt`."""


US = "longtake"
ANCHORS = (US, "huey", "dbos", "saq", "pgqueuer", "procrastinate", "rq", "bgtasks")
"""Those that the goals name, but for one: enough for a short run."""
CONTENDERS = {
    contender.name: contender
    for contender in (
        Contender(US, "P"),
        Contender("huey", "P", package="huey"),
        Contender("dbos", "P", package="dbos"),
        Contender("pgqueuer", "P", "postgres", "pgqueuer"),
        Contender("procrastinate", "P", "postgres", "procrastinate"),
        Contender("saq", "P", "redis", "saq"),
        Contender("arq", "P", "redis", "arq"),
        Contender("rq", "P", "redis", "rq"),
        Contender("dramatiq", "P", "redis", "dramatiq"),
        Contender("celery", "P", "redis", "celery"),
        Contender("bgtasks", "M", package="fastapi"),
    )
}
