"""The contract of stores, and what the folder of files promises on top of it."""

from __future__ import annotations

from pathlib import Path

from longtake.stores.files import FilesStore
from longtake.stores.memory import MemoryStore
from longtake.testing import StoreContract


class TestFilesStore(StoreContract):
    def make_store(self, tmp_path: Path) -> FilesStore:
        return FilesStore(tmp_path / "jobs")


class TestMemoryStore(StoreContract):
    def make_store(self, tmp_path: Path) -> MemoryStore:
        return MemoryStore()
