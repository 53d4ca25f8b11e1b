"""The HTTP client of every provider: it never waits without a limit, and notices when the other side is gone."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
from msgspec import Struct


class Patience(Struct, frozen=True, kw_only=True):
    """How long to wait for what, in seconds."""

    connect: float = 10.0
    idle: float = 12.0
    """Between two bytes, where the request can be taken up again: what is gone is noticed within 15 seconds."""
    upload: float = 60.0
    """Between two bytes while a piece of a video is taken in."""
    silence: float = 300.0
    """Between two bytes of an answer that would have to be paid again."""
    answer: float = 3600.0
    """For a whole answer."""
    ready: float = 900.0
    """For the provider to prepare an uploaded video."""
    poll: float = 2.0
    """Between two looks at what takes long."""
    keep: float = 2.0
    """At most this much of an answer is fetched again after a crash."""


@asynccontextmanager
async def http_client(
    address: str, patience: Patience, *, silence: float | None = None
) -> AsyncIterator[httpx2.AsyncClient]:
    """Open a client for the host of `address`, for one event loop; redirects are not followed, so keys stay there.

    `silence` is the longest wait between two bytes; it is `patience.idle` unless given.
    """
    limits = httpx2.Timeout(silence or patience.idle, connect=patience.connect)
    transport = httpx2.AsyncHTTPTransport(
        verify=await asyncio.to_thread(certificates),
        proxy=_proxy_for(address),
        socket_options=_socket_options(),
    )
    async with httpx2.AsyncClient(transport=_Limited(transport, limits), timeout=limits) as client:
        yield client


def is_loopback(host: str) -> bool:
    """Whether a host is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Limited(httpx2.AsyncBaseTransport):
    """Puts a limit on requests that come without one: the SDKs send such, whatever the client says."""

    def __init__(self, transport: httpx2.AsyncHTTPTransport, limits: httpx2.Timeout) -> None:
        self._transport = transport
        self._limits = limits.as_dict()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = request.extensions.get("timeout", {})
        timeout = {name: _shorter(asked.get(name), limit) for name, limit in self._limits.items()}
        request.extensions = {**request.extensions, "timeout": timeout}
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


def _shorter(asked: float | None, limit: float | None) -> float | None:
    return limit if asked is None else asked if limit is None else min(asked, limit)


@cache
def certificates() -> ssl.SSLContext:
    """Whom to trust, read once: that takes longer than to open a client."""
    return httpx2.create_ssl_context()


def _proxy_for(address: str) -> str | None:
    host = urlsplit(address).hostname or ""
    return None if is_loopback(host) or proxy_bypass(host) else getproxies().get(urlsplit(address).scheme)


def _socket_options() -> list[tuple[int, int, int]]:
    """Ask the system to find out within about 30 seconds that the other side is gone."""
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    if sys.platform == "linux":
        options += [
            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),
            (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
            (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000),
        ]
    return options
