"""The models over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from app.api.problems import problem_responses
from app.api.schemas import ModelsView, ModelView
from app.models.registry import Registry

router = APIRouter(prefix="/api", tags=["models"])


def _registry(request: Request) -> Registry:
    registry: Registry = request.app.state.registry
    return registry


@router.get("/models", responses=problem_responses())
async def list_models(registry: Annotated[Registry, Depends(_registry)]) -> ModelsView:
    """List the models: which can be asked now, and what the others lack."""
    return ModelsView(models=[ModelView.model_validate(entry) for entry in registry.entries()])
