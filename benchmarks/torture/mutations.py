"""What disks, editors, synchronisers and attackers do to a file."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, bytes, random.Random], bytes]


def mutated(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """The data with one to three mutations; `other` is another file of the store. Never the same as before."""
    result = data
    while result == data:
        result = data
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            result = rng.choice(_MUTATIONS)(result, other, rng)
    return result


def _bits_flipped(data: bytes, _: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _n in range(rng.choice((1, 1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _byte_replaced(data: bytes, _: bytes, rng: random.Random) -> bytes:
    begin, _end = _span(data, rng)
    return data[:begin] + rng.choice(_BYTES) + data[begin + 1 :]


def _cut_off(data: bytes, _: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _span_deleted(data: bytes, _: bytes, rng: random.Random) -> bytes:
    begin, end = _span(data, rng)
    return data[:begin] + data[end:]


def _span_doubled(data: bytes, _: bytes, rng: random.Random) -> bytes:
    begin, end = _span(data, rng)
    return data[:end] + data[begin:]


def _span_zeroed(data: bytes, _: bytes, rng: random.Random) -> bytes:
    begin, end = _span(data, rng)
    return data[:begin] + bytes(end - begin) + data[end:]


def _noise_inserted(data: bytes, _: bytes, rng: random.Random) -> bytes:
    begin, _end = _span(data, rng)
    return data[:begin] + rng.randbytes(rng.randrange(1, 40)) + data[begin:]


def _lines_swapped(data: bytes, _: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _line_deleted(data: bytes, _: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def _line_doubled(data: bytes, _: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return b"".join(lines)


def _spliced(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _replaced(_: bytes, other: bytes, rng: random.Random) -> bytes:
    return rng.choice((*_CONTENTS, other))


def _value_replaced(data: bytes, _: bytes, rng: random.Random) -> bytes:
    """Another value after one of the colons."""
    colons = [at for at, byte in enumerate(data) if byte == ord(":")]
    if not colons:
        return data
    begin = rng.choice(colons) + 1
    end = min((at for at in (data.find(mark, begin) for mark in (b",", b"\n", b"}")) if at >= 0), default=len(data))
    return data[:begin] + rng.choice(_VALUES) + data[end:]


def _span(data: bytes, rng: random.Random) -> tuple[int, int]:
    begin = rng.randrange(len(data) + 1)
    return begin, min(len(data), begin + rng.choice((1, 2, 8, 64, 512, 4096)))


_MUTATIONS: tuple[Mutation, ...] = (
    _bits_flipped,
    _byte_replaced,
    _cut_off,
    _span_deleted,
    _span_doubled,
    _span_zeroed,
    _noise_inserted,
    _lines_swapped,
    _line_deleted,
    _line_doubled,
    _spliced,
    _replaced,
    _value_replaced,
)
_BYTES = tuple(bytes([byte]) for byte in (0, 9, 10, 13, 32, 34, 44, 48, 57, 58, 91, 92, 93, 123, 125, 127, 128, 255))
_CONTENTS = (
    b"",
    b"\0" * 4096,
    b"\n",
    b"null",
    b"[]",
    b"{}",
    b"NaN",
    b'{"a":' * 20_000,
    b"[" * 200_000,
    b"9" * 5_000,
    "{}".encode("utf-16"),
    b"\xff\xfe\xfd",
    b"<html></html>\n",
)
_VALUES = (
    b" null",
    b" NaN",
    b" -Infinity",
    b" 1e999",
    b" -1",
    b" 99999999999999999999999",
    b" true",
    b" []",
    b" {}",
    b' ""',
    b' "\\ud800"',
    b' "\\u0000"',
    b' "running"',
    b' "' + b"x" * 100_000 + b'"',
    b" " + b"[" * 3_000 + b"]" * 3_000,
)
"""Put in the place of a member's value; each is at home in some member, and damage in the others."""
