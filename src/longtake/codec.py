"""Jobs and steps to bytes and back: readable JSON that is never trusted on reading."""

from __future__ import annotations

import json
import zlib
from typing import Any

import msgspec

from longtake.errors import JobDamaged, JobIsNewer
from longtake.job import SCHEMA, Job, Step

MAX_JOB_BYTES = 64 * 1024 * 1024
_KNOWN = frozenset(Job.__struct_fields__) - {"unknown"}
_CRC_HEAD = b'{"crc":"'
_CRC_LENGTH = 8


def encode_job(job: Job) -> bytes:
    """The job file's bytes: indented JSON, unknown members last."""
    members = {name: getattr(job, name) for name in Job.__struct_fields__ if name != "unknown"}
    return msgspec.json.format(msgspec.json.encode(members | job.unknown), indent=2) + b"\n"


def decode_job(data: bytes, job_id: str) -> Job:
    """Read a job file's bytes.

    Raises:
        JobDamaged: too large, not JSON, members missing, of a wrong type or there twice, or another job's file.
        JobIsNewer: written by a newer version.
    """
    try:
        members = _members(data)
        if isinstance(members.get("schema"), int) and members["schema"] > SCHEMA:
            raise JobIsNewer(f"Job {job_id} was written by a newer version of longtake: update to use it.")
        unknown = {name: members.pop(name) for name in members.keys() - _KNOWN}
        job = msgspec.convert({**members, "unknown": unknown}, Job)
        if encode_job(job) != data:
            _refuse_duplicates(data)
    except (ValueError, TypeError, RecursionError) as error:
        raise JobDamaged(job_id, str(error) or type(error).__name__) from error
    if job.id != job_id:
        raise JobDamaged(job_id, f"it says that it is job {job.id!r}")
    return job


def encode_step(step: Step) -> bytes:
    """One line of the journal: the step as JSON, a CRC-32 of the rest as its first member."""
    body = msgspec.json.encode(step)
    return b'%b%08x",%b\n' % (_CRC_HEAD, zlib.crc32(body), body[1:])


def decode_step(line: bytes) -> Step:
    """Read one line of the journal, without its end of line.

    Raises:
        ValueError: it is not a whole, unchanged line.
    """
    start = len(_CRC_HEAD)
    crc, body = line[start : start + _CRC_LENGTH], b"{" + line[start + _CRC_LENGTH + 2 :]
    if not line.startswith(_CRC_HEAD) or crc != b"%08x" % zlib.crc32(body):
        raise ValueError("its checksum is wrong")
    try:
        return msgspec.json.decode(body, type=Step)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _members(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_JOB_BYTES:
        raise ValueError(f"it is larger than {MAX_JOB_BYTES >> 20} MiB")
    if not data.strip(b"\0 \t\r\n"):
        raise ValueError("it is empty")
    members = msgspec.json.decode(data)
    if not isinstance(members, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 (damage, not a programming error)
    return members


def _refuse_duplicates(data: bytes) -> None:
    """Look closer at a file that is not as we write it: of two members with one name one would be lost."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise ValueError("a member is there twice")
        return dict(pairs)

    json.loads(data, object_pairs_hook=unique)
