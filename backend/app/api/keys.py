"""Keys over HTTP: which are set, and whether their providers take them; never a value."""

from __future__ import annotations

import os

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.problems import Problem, problem_responses
from app.models.key_trials import KeyState, ProviderUnknown, provider_keys, try_key

router = APIRouter(prefix="/api/keys", tags=["health"])


class KeyView(BaseModel):
    """A key that may be set."""

    model_config = ConfigDict(from_attributes=True)

    provider: str
    variable: str = Field(description="The environment variable it is in, or would have to be.")
    is_set: bool


class KeysView(BaseModel):
    """The keys of all providers that take one."""

    keys: list[KeyView]


class KeyTrialView(BaseModel):
    """What came of trying a key."""

    model_config = ConfigDict(from_attributes=True)

    provider: str
    variable: str
    state: KeyState = Field(description="`unknown` when the provider did not answer so that one could tell.")
    detail: str = Field(description="A sentence; where something is wrong, one more that says what to do.")


@router.get("", responses=problem_responses())
async def list_keys(request: Request) -> KeysView:
    """List the keys, set or not. Asks no network."""
    keys = provider_keys(os.environ, request.app.state.settings.endpoints)
    return KeysView(keys=[KeyView.model_validate(key) for key in keys])


@router.post("/{provider}/test", responses=problem_responses(404))
async def try_provider_key(provider: str, request: Request) -> KeyTrialView:
    """Try the key of a provider by asking for its list of models, which costs nothing."""
    try:
        trial = await try_key(provider, os.environ, request.app.state.settings.endpoints)
    except ProviderUnknown as error:
        raise Problem(404, str(error)) from None
    return KeyTrialView.model_validate(trial)
