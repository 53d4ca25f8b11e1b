"""What may stand in a job file: everything that comes back as it was, and a clear refusal of the rest."""

from __future__ import annotations

import dataclasses
import enum
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import NOW, job_id, make_job, make_step

from longtake.codec import decode_job, decode_step, encode_job, encode_step
from longtake.errors import NotJson
from longtake.ids import is_id, new_id
from longtake.values import MAX_BYTES, MAX_DEPTH, clean_text, fingerprint, from_json, to_json

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**4000), 2**4000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@dataclasses.dataclass(frozen=True)
class Clip:
    """A part of a video."""

    start: float
    words: list[str]


class Point(msgspec.Struct):
    """A place."""

    x: int


class Model(pydantic.BaseModel):
    """A pydantic model."""

    name: str
    when: date


class Colour(enum.Enum):
    """A colour."""

    RED = "red"


class Name(str):
    """A kind of text, as some libraries have it."""

    __slots__ = ()


class Number(float):
    """A kind of number, as numpy has it."""

    __slots__ = ()


@given(JSON)
def test_json_comes_back_as_it_was_from_jobs_and_journals(value: Any) -> None:
    plain = to_json(value)
    assert decode_job(encode_job(make_job(result=plain)), job_id()).result == plain
    line = encode_step(make_step(1, value=plain), job_id())
    assert line.count(b"\n") == 1
    assert decode_step(line.rstrip(b"\n"), job_id()).value == plain


@given(st.text(st.characters()))
def test_any_text_is_kept_and_only_half_surrogate_pairs_are_replaced(text: str) -> None:
    clean = clean_text(text)
    clean.encode()
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert clean == text


def test_the_two_halves_of_a_letter_are_put_together() -> None:
    assert to_json("\ud83d\ude00 \ud83d") == "\U0001f600 \ufffd"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Clip(1.5, ["a"]), {"start": 1.5, "words": ["a"]}),
        (Point(3), {"x": 3}),
        (Model(name="m", when=date(2026, 1, 2)), {"name": "m", "when": "2026-01-02"}),
        (Colour.RED, "red"),
        (NOW, "2026-01-01T12:00:00Z"),
        (timedelta(seconds=90), "PT90S"),
        (Decimal("1.10"), "1.10"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ((1, 2), [1, 2]),
        ({1: "a"}, {"1": "a"}),
        (Name("n"), "n"),
        (Number(1.5), 1.5),
        (b"\x00\xff", "AP8="),
        ({"nested": [Point(1), {"deep": Clip(0, [])}]}, {"nested": [{"x": 1}, {"deep": {"start": 0, "words": []}}]}),
    ],
)
def test_the_types_that_people_use_become_plain_json(value: Any, plain: Any) -> None:
    assert to_json(value) == plain


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "nan, which JSON does not know"),
        ({"a": [float("inf")]}, "inf, which JSON does not know"),
        (object(), "a object is not plain data"),
        (print, "not plain data"),
        (Path("/x"), "not plain data"),
        (1 + 2j, "not plain data"),
        (deep(MAX_DEPTH + 1), "nested deeper than 100 levels"),
        (deep(100_000), "cannot be kept as JSON"),
        (2**4097, "more than 4096 bits"),
        ({(1, 2): 3}, "cannot be kept as JSON"),
        ("x" * (MAX_BYTES + 1), "takes 16 MiB, more than 16"),
    ],
    ids=["NaN", "infinite", "object", "function", "path", "complex", "deep", "very deep", "huge", "keys", "large"],
)
def test_anything_else_is_refused_by_its_name(value: Any, why: str) -> None:
    with pytest.raises(NotJson, match=f"^The result .*{why}"):
        to_json(value, "result")


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotJson):
        to_json(value)


def test_values_come_back_in_the_types_that_were_asked_for() -> None:
    assert from_json({"start": 1.5, "words": ["a"]}, Clip) == Clip(1.5, ["a"])
    assert from_json({"name": "m", "when": "2026-01-02"}, Model) == Model(name="m", when=date(2026, 1, 2))
    assert from_json("2026-01-01T12:00:00Z", datetime) == NOW
    assert from_json([{"x": 1}], list[Point]) == [Point(1)]
    with pytest.raises(msgspec.ValidationError):
        from_json("3", int)
    with pytest.raises(NotImplementedError, match="JSON cannot be turned into"):
        from_json({}, Path)


def test_equal_values_have_one_fingerprint_and_others_have_others() -> None:
    assert fingerprint([{"a": 1, "b": {2, 1}}], "args") == fingerprint([{"b": {1, 2}, "a": 1}], "args")
    different: list[list[Any]] = [[1], [1.5], ["1"], [None], [[1]], [1, 1], [], [{"1": 1}], [True]]
    assert len({fingerprint(values, "args") for values in different}) == len(different)
    with pytest.raises(NotJson):
        fingerprint([object()], "args")


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    code = "from longtake.values import fingerprint; print(fingerprint([{'b', 'a', 'c'}, {'x': 1, 'w': 'ä'}], 'args'))"
    prints = {
        subprocess.check_output(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        )
        for seed in ("1", "2")
    }
    assert prints == {fingerprint([{"b", "a", "c"}, {"x": 1, "w": "ä"}], "args").encode() + b"\n"}


@given(st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1)))  # noqa: DTZ001 (Hypothesis wants them so)
def test_an_id_is_an_id_and_sorts_by_time(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    first, second = new_id(now), new_id(now + timedelta(milliseconds=1))
    assert is_id(first)
    assert len(first) == 26
    assert first < second
    assert new_id(now) != first


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 25,
        "0" * 27,
        "8" + "0" * 25,
        "I" * 26,
        "0" * 25 + "A",
        "0" * 25 + "\n",
        "../" + "0" * 23,
        "0" * 25 + "u",
    ],
)
def test_what_is_no_id_is_told_apart(text: str) -> None:
    assert not is_id(text)


def test_no_byte_of_a_line_of_the_journal_may_change() -> None:
    line = encode_step(make_step(1), job_id()).rstrip(b"\n")
    for at, byte in enumerate(line):
        with pytest.raises(ValueError, match="checksum"):
            decode_step(line[:at] + bytes([byte ^ 1]) + line[at + 1 :], job_id())
