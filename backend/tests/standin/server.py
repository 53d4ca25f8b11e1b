"""Which request goes where; both providers live at one address."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable

from standin.files import Files
from standin.generate import Generate
from standin.interactions import Interactions
from standin.openai import OpenAI
from standin.refusals import REFUSALS
from standin.state import State
from standin.wire import Connection, Request, read_request

_VERSION = re.compile(r"^(/upload)?/v1(?:beta|alpha)?(?=/)")
_MODEL = re.compile(r"/models/([^/:]+):(\w+)")
_LONGEST_LINE = 1024 * 1024

Handler = Callable[[Request, Connection], Awaitable[None]]


class Server:
    """Listens on loopback until it is stopped."""

    def __init__(self) -> None:
        self.state = State()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> str:
        """Begin to listen; returns the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=_LONGEST_LINE)
        address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self.files = Files(self.state, address)
        self._generate = Generate(self.state, self.files)
        self.interactions = Interactions(self.state, self.files)
        self._openai = OpenAI(self.state)
        return address

    async def serve_forever(self) -> None:
        """Listen until cancelled."""
        if self._server is None:
            raise RuntimeError("start it first")
        await self._server.serve_forever()

    async def stop(self) -> None:
        """Stop listening and break off what is under way."""
        if self._server is not None:
            self._server.close()
        await self.interactions.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        connection = Connection(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not connection.broken and (request := await read_request(reader)):
                await self._answer(request, connection)
        writer.close()

    async def _answer(self, request: Request, connection: Connection) -> None:
        if request.path.startswith("/_"):
            await self._own(request, connection)
            return
        if self.state.settings.redirect:
            await connection.answer(307, {}, {"Location": self.state.settings.redirect + request.path})
            return
        good = self.state.settings.key
        if good is not None and request.key not in {good, ""}:
            await self._refuse_key(request, connection)
            return
        path = _VERSION.sub(lambda match: match[1] or "", request.path)
        await self._handler(request, path)(request, connection)

    def _handler(self, request: Request, path: str) -> Handler:
        if asked := _MODEL.fullmatch(path):
            return self._model_handler(asked[1], asked[2])
        if path.startswith("/files/"):
            return self._file_handler(request.method, path.removeprefix("/"))
        if path.startswith("/interactions/"):
            return self._interaction_handler(request.method, path.removeprefix("/interactions/"))
        of_google = "x-goog-api-key" in request.headers or "key" in request.query
        handlers: dict[tuple[str, str], Handler] = {
            ("POST", "/upload/files"): self.files.upload,
            ("GET", "/files"): self.files.list,
            ("GET", "/models"): self._generate.models if of_google else self._openai.models,
            ("POST", "/interactions"): self.interactions.create,
            ("POST", "/chat/completions"): self._openai.chat,
        }
        return handlers.get((request.method, path), _nothing_here)

    def _file_handler(self, method: str, name: str) -> Handler:
        act = self.files.delete if method == "DELETE" else self.files.get
        return lambda request, connection: act(request, connection, name)

    def _model_handler(self, model: str, action: str) -> Handler:
        async def handle(request: Request, connection: Connection) -> None:
            if action == "countTokens":
                await self._generate.count_tokens(request, connection, model)
            else:
                await self._generate.ask(request, connection, model, stream=action == "streamGenerateContent")

        return handle

    def _interaction_handler(self, method: str, rest: str) -> Handler:
        interaction_id, _, action = rest.partition("/")
        acts = {"POST cancel": self.interactions.cancel, "DELETE ": self.interactions.delete}
        act = acts.get(f"{method} {action}", self.interactions.get)
        return lambda request, connection: act(request, connection, interaction_id)

    async def _own(self, request: Request, connection: Connection) -> None:
        match request.path:
            case "/_control":
                await self._control(request, connection)
            case "/_log":
                await connection.answer(200, self.state.log())
            case "/_lose-files":
                self.files.lose_all()
                await connection.answer(200, {})
            case "/_forget-interactions":
                self.interactions.forget_all()
                await connection.answer(200, {})
            case _:
                await _nothing_here(request, connection)

    async def _control(self, request: Request, connection: Connection) -> None:
        try:
            await connection.answer(200, self.state.control(request.json()))
        except ValueError as error:
            await connection.answer(400, {"error": str(error)})

    async def _refuse_key(self, request: Request, connection: Connection) -> None:
        refusal = REFUSALS["bad-key"]
        if "interactions" in request.path:
            await connection.answer(refusal.other_status, refusal.interactions_body())
        elif "authorization" in request.headers:
            await connection.answer(refusal.other_status, refusal.openai_body())
        else:
            await connection.answer(refusal.status, refusal.google_body())


async def _nothing_here(request: Request, connection: Connection) -> None:
    await connection.answer(404, {"error": {"code": 404, "message": f"No {request.path} here.", "status": "NOT_FOUND"}})
