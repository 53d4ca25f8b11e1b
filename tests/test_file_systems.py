"""Which file system a folder is on, as Linux tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from longtake.stores.file_systems import file_system_of, is_over_a_network

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:44 / /net rw,relatime shared:2 - nfs4 server:/export rw
31 22 0:45 / /net/a\\040b rw,relatime - cifs //server/share rw
32 22 8:2 / /home rw - ext4 /dev/sda2 rw
33 22 8:3 / /home rw - btrfs /dev/sda3 rw
"""


@pytest.mark.parametrize(
    ("folder", "kind", "is_remote"),
    [
        ("/", "ext4", False),
        ("/var/jobs", "ext4", False),
        ("/net/jobs", "nfs4", True),
        ("/network", "ext4", False),
        ("/net/a b/jobs", "cifs", True),
        ("/home/me", "btrfs", False),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_its_nearest_mount(
    folder: str, kind: str, is_remote: object, tmp_path: Path
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert file_system_of(Path(folder), mounts) == kind
    assert is_over_a_network(kind) is is_remote


def test_a_system_that_tells_no_mounts_is_no_fault(tmp_path: Path) -> None:
    assert file_system_of(Path("/"), tmp_path / "missing") is None
