"""What kind of file system a folder is on: locks and renames cannot be relied on over a network."""

from __future__ import annotations

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_OVER_A_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.rclone"})
_OCTAL = re.compile(r"\\([0-7]{3})")


def file_system_of(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kind of file system, such as `ext4`; None where the system does not tell (it does on Linux)."""
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return None
    found = [(point, kind) for point, kind in map(_parse, lines) if folder == point or point in folder.parents]
    return max(enumerate(found), key=lambda mount: (len(mount[1][0].parts), mount[0]))[1][1] if found else None


def is_over_a_network(kind: str) -> bool:
    """Whether such a file system is on another computer."""
    return kind in _OVER_A_NETWORK


def _parse(line: str) -> tuple[Path, str]:
    """Mount point and kind of one line (proc_pid_mountinfo(5)); a later line hides an earlier one of the same point."""
    mount, _, source = line.partition(" - ")
    point = _OCTAL.sub(lambda code: chr(int(code[1], 8)), mount.split()[4])
    return Path(point), source.split()[0]
