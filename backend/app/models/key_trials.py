"""Does each provider take the key that is set? Found out by asking for its list of models, which costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum

import httpx2
from msgspec import Struct

from app.models.connection import Patience, http_client
from app.models.errors import ErrorKind, ModelError
from app.models.gemini.listing import list_models
from app.models.gemini.service import KEY_VARIABLES, gemini_service
from app.models.openai_compatible.endpoint import OPENAI, Endpoint
from app.models.provider_errors import Complaint, complaint_of_transport, kind_of_status

_REFUSED = frozenset({ErrorKind.AUTH, ErrorKind.BILLING, ErrorKind.INVALID})


class KeyState(StrEnum):
    """What came of a trial."""

    MISSING = "missing"
    TAKEN = "taken"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The provider did not answer, or not so that one could tell."""


class KeyTrial(Struct, frozen=True, kw_only=True):
    """One key; never its value."""

    provider: str
    variable: str
    state: KeyState
    detail: str
    """A sentence."""


async def try_keys(
    environ: Mapping[str, str], endpoints: Sequence[Endpoint], patience: Patience | None = None
) -> list[KeyTrial]:
    """Try the keys of all providers, at once."""
    patience = patience or Patience()
    named = {endpoint.name for endpoint in endpoints}
    asked = [*([] if OPENAI.name in named else [OPENAI]), *endpoints]
    trials = [_try_openai_compatible(environ, each, patience) for each in asked if each.key_variable]
    return list(await asyncio.gather(_try_gemini(environ, patience), *trials))


async def _try_gemini(environ: Mapping[str, str], patience: Patience) -> KeyTrial:
    service = gemini_service(environ, patience)
    if service.key is None:
        return _missing("gemini", " or ".join(reversed(KEY_VARIABLES)))
    try:
        models = await list_models(service)
    except ModelError as error:
        return _failed("gemini", service.key.variable, error)
    return _taken("gemini", service.key.variable, len(models))


async def _try_openai_compatible(environ: Mapping[str, str], endpoint: Endpoint, patience: Patience) -> KeyTrial:
    key, variable = endpoint.key(environ), endpoint.key_variable or ""
    if key is None:
        return _missing(endpoint.name, variable)
    speaker = endpoint.speaker(key)
    try:
        async with http_client(endpoint.base_url, patience) as http:
            url = f"{endpoint.base_url.rstrip('/')}/models"
            answer = await http.get(url, headers={"Authorization": f"Bearer {key.value}"})
            if not answer.is_success:
                raise speaker.error(Complaint(kind_of_status(answer.status_code), ""))
            return _taken(endpoint.name, variable, len(answer.json()["data"]))
    except ModelError as error:
        return _failed(endpoint.name, variable, error)
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        complaint = complaint_of_transport(error) or Complaint(ErrorKind.CONNECTION, "its answer is no list of models")
        return _failed(endpoint.name, variable, speaker.error(complaint))


def _missing(provider: str, variable: str) -> KeyTrial:
    return KeyTrial(provider=provider, variable=variable, state=KeyState.MISSING, detail="It is not set.")


def _taken(provider: str, variable: str, models: int) -> KeyTrial:
    return KeyTrial(
        provider=provider, variable=variable, state=KeyState.TAKEN, detail=f"The provider takes it: {models} models."
    )


def _failed(provider: str, variable: str, error: ModelError) -> KeyTrial:
    state = KeyState.REFUSED if error.kind in _REFUSED else KeyState.UNKNOWN
    advice = error.what_to_do if state is KeyState.REFUSED else "Check the network, then try again."
    return KeyTrial(provider=provider, variable=variable, state=state, detail=f"{error.message} {advice}")
