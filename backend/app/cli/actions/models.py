"""What `models` does."""

from __future__ import annotations

import asyncio

from app.api.schemas import ModelView
from app.cli.printing import print_views, say
from app.jobs import registry, remote


def ls(*, available: bool, as_json: bool) -> None:
    """List the models, after asking their providers for the latest."""
    asyncio.run(remote.refresh())
    views = [ModelView.model_validate(entry) for entry in registry.entries() if entry.available or not available]
    if as_json:
        print_views("models", views)
        return
    width = max((len(view.id) for view in views), default=0)
    for view in views:
        state = view.price or "price unknown" if view.available else f"{view.why_not} {view.what_to_do}"
        say(f"{'✓' if view.available else '✗'} {view.id:{width}}  {state}  {view.description}")
