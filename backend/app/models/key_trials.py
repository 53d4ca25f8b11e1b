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
from app.models.keys import read_key
from app.models.openai_compatible.endpoint import OPENAI, Endpoint
from app.models.provider_errors import Complaint, complaint_of_transport, kind_of_status

_GEMINI = "gemini"
_EITHER = " or ".join(reversed(KEY_VARIABLES))
_REFUSED = frozenset({ErrorKind.AUTH, ErrorKind.BILLING, ErrorKind.INVALID})
_NO_ANSWER = frozenset({ErrorKind.CONNECTION, ErrorKind.TIMEOUT})
_LONGEST = 20.0
"""For one trial, in seconds: a person waits for it."""


class KeyState(StrEnum):
    """What came of a trial."""

    MISSING = "missing"
    TAKEN = "taken"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The provider did not answer, or not so that one could tell."""


class ProviderKey(Struct, frozen=True, kw_only=True):
    """A key that may be set; never its value."""

    provider: str
    variable: str
    """The environment variable it is in, or would have to be."""
    is_set: bool


class KeyTrial(Struct, frozen=True, kw_only=True):
    """What came of trying one key; never its value."""

    provider: str
    variable: str
    state: KeyState
    detail: str
    """A sentence; where something is wrong, one more that says what to do."""


class ProviderUnknown(LookupError):
    """No provider of this name takes a key; the message says which do."""


def provider_keys(environ: Mapping[str, str], endpoints: Sequence[Endpoint]) -> list[ProviderKey]:
    """The keys of all providers that take one; asks nobody."""
    google = read_key(environ, *KEY_VARIABLES)
    gemini = ProviderKey(provider=_GEMINI, variable=google.variable if google else _EITHER, is_set=google is not None)
    return [
        gemini,
        *(
            ProviderKey(provider=each.name, variable=each.key_variable or "", is_set=each.key(environ) is not None)
            for each in _keyed(endpoints)
        ),
    ]


async def try_keys(
    environ: Mapping[str, str], endpoints: Sequence[Endpoint], patience: Patience | None = None
) -> list[KeyTrial]:
    """Try the keys of all providers, at once."""
    providers = [key.provider for key in provider_keys(environ, endpoints)]
    return list(await asyncio.gather(*(try_key(each, environ, endpoints, patience) for each in providers)))


async def try_key(
    provider: str, environ: Mapping[str, str], endpoints: Sequence[Endpoint], patience: Patience | None = None
) -> KeyTrial:
    """Try the key of one provider. Raises ProviderUnknown."""
    keys = {key.provider: key for key in provider_keys(environ, endpoints)}
    if provider not in keys:
        raise ProviderUnknown(f"No provider of this name takes a key. These do: {', '.join(keys)}.")
    key = keys[provider]
    if not key.is_set:
        return _trial(key, KeyState.MISSING, "It is not set.")
    try:
        async with asyncio.timeout(_LONGEST):
            models = await _count_models(provider, environ, endpoints, patience or Patience())
    except ModelError as error:
        return _failed(key, error)
    except TimeoutError:
        detail = (
            f"The provider did not tell its models within {_LONGEST:.0f} seconds. Check the network, then try again."
        )
        return _trial(key, KeyState.UNKNOWN, detail)
    return _trial(key, KeyState.TAKEN, f"The provider takes it: {models} models.")


def _keyed(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    named = {endpoint.name for endpoint in endpoints}
    known = [*([] if OPENAI.name in named else [OPENAI]), *endpoints]
    return [endpoint for endpoint in known if endpoint.key_variable]


async def _count_models(
    provider: str, environ: Mapping[str, str], endpoints: Sequence[Endpoint], patience: Patience
) -> int:
    if provider == _GEMINI:
        return len(await list_models(gemini_service(environ, patience)))
    endpoint = next(each for each in _keyed(endpoints) if each.name == provider)
    key = endpoint.key(environ)
    speaker = endpoint.speaker(key)
    try:
        async with http_client(endpoint.base_url, patience) as http:
            url = f"{endpoint.base_url.rstrip('/')}/models"
            answer = await http.get(url, headers={"Authorization": f"Bearer {key.value}"} if key else {})
            if not answer.is_success:
                raise speaker.error(Complaint(kind_of_status(answer.status_code), ""))
            return len(answer.json()["data"])
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        complaint = complaint_of_transport(error) or Complaint(ErrorKind.CONNECTION, "its answer is no list of models")
        raise speaker.error(complaint) from None


def _trial(key: ProviderKey, state: KeyState, detail: str) -> KeyTrial:
    return KeyTrial(provider=key.provider, variable=key.variable, state=state, detail=detail)


def _failed(key: ProviderKey, error: ModelError) -> KeyTrial:
    if error.kind in _REFUSED:
        advice = f"Check the value of {key.variable}." if error.kind is ErrorKind.AUTH else error.what_to_do
        return _trial(key, KeyState.REFUSED, f"{error.message} {advice}")
    advice = "Check the network, then try again." if error.kind in _NO_ANSWER else "Try again later."
    return _trial(key, KeyState.UNKNOWN, f"{error.message} {advice}")
