"""Jobs and steps to bytes and back: readable JSON that is never trusted on reading."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from longtake.errors import InvalidArgs, JobDamaged, JobIsNewer, NotJson
from longtake.job import SCHEMA, Attempt, Job, JobStatus, Step

MAX_JOB_BYTES = 64 * 1024 * 1024
_KNOWN = frozenset(Job.__struct_fields__) - {"unknown"}
_KNOWN_OF_ATTEMPT = frozenset(Attempt.__struct_fields__) - {"unknown"}
_CRC_HEAD = b'{"crc":"'
_CRC_LENGTH = 8
_CRC_END = b'",'
_JOB = msgspec.json.Decoder(Job)


def encode_job(job: Job) -> bytes:
    """The job file's bytes: indented JSON, unknown members last.

    Raises:
        NotJson: larger than a job file may be.
    """
    data = msgspec.json.encode(_flat(job) | {"attempts": [_flat(attempt) for attempt in job.attempts]})
    pretty = msgspec.json.format(data, indent=2)
    for form in (pretty, data):  # many small values take far more room when each has a line of its own
        if len(form) < MAX_JOB_BYTES:
            return form + b"\n"
    raise NotJson(
        f"The job would take {len(data) >> 20} MiB, and a job file holds at most {MAX_JOB_BYTES >> 20} MiB. "
        "Keep large data in files of your own, and pass or return their paths."
    )


def encode_new_job(job: Job) -> bytes:
    """The same for a job that comes from outside: what is written can be read back.

    Raises:
        InvalidArgs: the message says what is impossible about the job.
    """
    try:
        data = encode_job(job)
        _refuse_contradictions(_JOB.decode(data), job.id)
    except UnicodeEncodeError as error:
        raise InvalidArgs("There can be no such job: a text in it holds half a surrogate pair.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidArgs(f"There can be no such job: {error}.") from error
    return data


def decode_job(data: bytes, job_id: str) -> Job:
    """Read a job file's bytes.

    Raises:
        JobDamaged: too large, not JSON, members missing, impossible or there twice, or another job's file.
        JobIsNewer: written by a newer version.
    """
    try:
        if (job := _as_written(data)) is not None:
            _refuse_contradictions(job, job_id)
            return job
        members = _members(data)
        if isinstance(members.get("schema"), int) and members["schema"] > SCHEMA:
            raise JobIsNewer(f"Job {job_id} was written by a newer version of longtake: update to use it.")
        if isinstance(members.get("attempts"), list):
            members["attempts"] = [_nested(attempt, _KNOWN_OF_ATTEMPT) for attempt in members["attempts"]]
        job = msgspec.convert(_nested(members, _KNOWN), Job)
        _refuse_contradictions(job, job_id)
        _refuse_duplicates(data)
    except (ValueError, TypeError, RecursionError) as error:
        raise JobDamaged(job_id, str(error) or type(error).__name__) from error
    return job


def encode_step(step: Step, job_id: str) -> bytes:
    """One line of the journal: the step as JSON, as its first member a CRC-32 of the job's id and the rest."""
    body = msgspec.json.encode(step)
    return b"%b%08x%b%b\n" % (_CRC_HEAD, _crc(body, job_id), _CRC_END, body[1:])


def decode_step(line: bytes, job_id: str) -> Step:
    """Read one line of the journal of a job, without its end of line.

    Raises:
        ValueError: it is not a whole, unchanged line, or one of another job's.
    """
    head = len(_CRC_HEAD) + _CRC_LENGTH + len(_CRC_END)
    body = b"{" + line[head:]
    if line[:head] != b"%b%08x%b" % (_CRC_HEAD, _crc(body, job_id), _CRC_END):
        raise ValueError("its checksum is wrong")
    try:
        return msgspec.json.decode(body, type=Step)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _flat(data: Job | Attempt) -> dict[str, Any]:
    """The members as the file has them."""
    return {name: getattr(data, name) for name in data.__struct_fields__ if name != "unknown"} | data.unknown


def _nested(members: Any, known: frozenset[str]) -> Any:
    """The members with those that this version does not know apart."""
    if not isinstance(members, dict):
        return members
    unknown = {name: value for name, value in members.items() if name not in known}
    return {name: value for name, value in members.items() if name in known} | {"unknown": unknown}


def _crc(body: bytes, job_id: str) -> int:
    return zlib.crc32(body, zlib.crc32(job_id.encode()))


def _as_written(data: bytes) -> Job | None:
    """The job, if these are the very bytes that this version writes for one: the usual case, and quick to tell."""
    try:
        job = _JOB.decode(data)
        return job if job.schema <= SCHEMA and encode_job(job) == data else None
    except (ValueError, RecursionError, NotJson):
        return None


def _members(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_JOB_BYTES:
        raise ValueError(f"it is larger than {MAX_JOB_BYTES >> 20} MiB")
    if not data.strip(b"\0 \t\r\n"):
        raise ValueError("it is empty")
    members = msgspec.json.decode(data)
    if not isinstance(members, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 (damage, not a programming error)
    return members


def _refuse_contradictions(job: Job, job_id: str) -> None:
    if job.id != job_id:
        raise ValueError(f"it says that it is job {job.id!r}")
    if job.status is JobStatus.RUNNING and (not job.attempts or job.attempts[-1].ended_at is not None):
        raise ValueError("it says that it runs, but no attempt is open")


def _refuse_duplicates(data: bytes) -> None:
    """Look closer at a file that is not as we write it: of two members with one name one would be lost."""
    import json  # noqa: PLC0415 (rarely needed)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise ValueError("a member is there twice")
        return dict(pairs)

    json.loads(data, object_pairs_hook=unique)
