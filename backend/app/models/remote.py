"""All models that other servers offer, as far as we know without asking; and how to ask."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from app.models.base import VideoModel
from app.models.connection import Patience
from app.models.errors import ModelError
from app.models.gemini.listing import BUILT_IN, PREFIX
from app.models.gemini.listing import list_models as list_gemini
from app.models.gemini.model import GeminiModel
from app.models.gemini.service import gemini_service
from app.models.gemini.shelf import UploadShelf
from app.models.gemini.uploads import Uploads
from app.models.listed import Listed, ModelLists
from app.models.openai_compatible.endpoint import ON_THIS_COMPUTER, OPENAI, Endpoint
from app.models.openai_compatible.listing import list_models as list_openai_compatible
from app.models.openai_compatible.model import OpenAICompatibleModel
from app.models.openai_compatible.showing import Showing

_GEMINI = "gemini"
_ASIDE = 1.0
"""Seconds that looking for a server may take: most people run none of them."""


class RemoteModels:
    """Knows the models by the lists that their providers gave last; building it asks no network."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        folder: Path | None,
        endpoints: Sequence[Endpoint] = (),
        patience: Patience | None = None,
    ) -> None:
        """Take keys from `environ`; keep lists and uploads in `folder` (None: in memory).

        `endpoints` come on top of OpenAI (with its key) and of Ollama and LM Studio on this computer.
        """
        self._environ = environ
        self._patience = patience or Patience()
        named = {endpoint.name for endpoint in endpoints}
        self._endpoints = [*endpoints, *(usual for usual in _usual(environ) if usual.name not in named)]
        self._service = gemini_service(environ, self._patience)
        self._uploads = Uploads(self._service, UploadShelf(folder and folder / "gemini-uploads.json"))
        self._lists = ModelLists(folder and folder / "models.json")
        self._showing = Showing()
        self._made: dict[tuple[Listed, bool], GeminiModel] = {}

    def models(self) -> list[VideoModel]:
        """Every model that was listed last; some of Gemini's even before the first list."""
        listed = self._lists.of(_GEMINI)
        gemini = [self._gemini(each, verified=listed is not None) for each in listed or BUILT_IN]
        others = [
            self._openai_compatible(endpoint, each)
            for endpoint in self._endpoints
            for each in self._lists.of(endpoint.name) or ()
        ]
        return [*gemini, *others]

    def find(self, model_id: str) -> VideoModel | None:
        """A model by its id, listed or not: one that its provider does not have says so when it is asked."""
        if model_id.startswith(PREFIX):
            listed = self._listed(_GEMINI, model_id)
            return self._gemini(listed, verified=listed in (self._lists.of(_GEMINI) or ()))
        server, _, name = model_id.partition("/")
        for endpoint in self._endpoints:
            if endpoint.name == server and name:
                return self._openai_compatible(endpoint, self._listed(server, name))
        return None

    def may_have(self, model_id: str) -> bool:
        """False when its provider has given its list and this model is not on it."""
        found = self.find(model_id)
        if found is None:
            return False
        listed = self._lists.of(found.info.provider)
        return listed is None or any(model.info.id == model_id for model in self.models())

    async def refresh(self) -> None:
        """Ask every provider for its list, all at once; one that does not answer keeps its last list."""
        lists = await asyncio.gather(self._list_gemini(), *map(self._list_openai_compatible, self._endpoints))
        names = (_GEMINI, *(endpoint.name for endpoint in self._endpoints))
        await self._lists.update(
            {name: models for name, models in zip(names, lists, strict=True) if models is not None}
        )

    async def _list_gemini(self) -> list[Listed] | None:
        if self._service.key is None:
            return None
        try:
            return await list_gemini(self._service)
        except ModelError:
            return None  # asking a model will tell what is wrong

    async def _list_openai_compatible(self, endpoint: Endpoint) -> list[Listed] | None:
        key = endpoint.key(self._environ)
        if not endpoint.is_local:
            return await list_openai_compatible(endpoint, key, self._patience)
        aside = replace(self._patience, connect=_ASIDE, idle=_ASIDE)
        return await list_openai_compatible(endpoint, key, aside) or []  # it is not running

    def _listed(self, provider: str, name: str) -> Listed:
        known = (each for each in self._lists.of(provider) or () if each.name == name)
        return next(known, Listed(name=name, title=name))

    def _gemini(self, listed: Listed, *, verified: bool) -> VideoModel:
        # The same model each time: it remembers what it learnt about itself.
        known = self._made.get((listed, verified))
        if known is None:
            known = self._made[listed, verified] = GeminiModel(
                self._uploads, listed.name, listed.title, verified=verified
            )
        return known

    def _openai_compatible(self, endpoint: Endpoint, listed: Listed) -> VideoModel:
        key = endpoint.key(self._environ)
        return OpenAICompatibleModel(endpoint, listed.name, key, self._showing, self._patience)


def _usual(environ: Mapping[str, str]) -> list[Endpoint]:
    return [*ON_THIS_COMPUTER, *([OPENAI] if OPENAI.key(environ) else [])]
