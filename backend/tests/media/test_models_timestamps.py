"""Moments are found in any way models write them, and in any text at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.timestamps import MOST, clock, find_timestamps

DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It ends at 12:34.", [(754.0, None, "12:34")]),
        ("[1:02:03] credits", [(3723.0, None, "1:02:03")]),
        ("(00:12.500)", [(12.5, None, "00:12.500")]),
        ("00:00:12,500 --> 00:00:14,000", [(12.5, 14.0, "00:00:12,500 --> 00:00:14,000")]),
        (f"0:05{DASH}0:09: rain", [(5.0, 9.0, f"0:05{DASH}0:09")]),
        ("0:05 - 0:09.5", [(5.0, 9.5, "0:05 - 0:09.5")]),
        ("from 0:05 to 0:09", [(5.0, 9.0, "0:05 to 0:09")]),
        ("at 12s and 12.5 s", [(12.0, None, "12s"), (12.5, None, "12.5 s")]),
        ("3-5s", [(3.0, 5.0, "3-5s")]),
        ("backwards 0:09-0:05", [(9.0, None, "0:09-0:05")]),
        ("100:07 of a long film", [(6007.0, None, "100:07")]),
        ("a ratio of 16:9 or 4:3", []),
        ("12:345 and 12:34:56:78 and 10:75", []),
        ("version 1.2.3s, 5 stars, x12s, 12ss", []),
        ("lasts 5 seconds", []),
        ("Arabic digits \u0663:\u0664\u0665", []),
    ],
)
def test_moments_and_ranges_are_found(text: str, found: list[tuple[float, float | None, str]]) -> None:
    assert [(each.seconds, each.end, each.text) for each in find_timestamps(text)] == found


def test_a_moment_after_the_end_cannot_be_meant() -> None:
    assert [each.seconds for each in find_timestamps("0:05, 0:30, 10:00", duration=30.0)] == [5.0, 30.0]


def test_there_are_never_more_than_so_many() -> None:
    assert len(find_timestamps("0:01 " * 5000)) == MOST


@given(st.text(alphabet=st.sampled_from("0123456789:.,-s \N{EN DASH}to\n"), max_size=300))
def test_no_text_of_digits_and_colons_does_harm(text: str) -> None:
    for timestamp in find_timestamps(text):
        assert timestamp.text in text
        assert timestamp.seconds >= 0
        assert timestamp.end is None or timestamp.end >= timestamp.seconds


@given(st.text())
def test_no_text_at_all_does_harm(text: str) -> None:
    find_timestamps(text)


@pytest.mark.parametrize("piece", ["1:", "9", "0:00-", "12 ", "12-", "1.1.", " ", "0:0", "1:02:0", "99999 -> "])
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds_for(length: int) -> float:
        text = (piece * length)[:length]
        started = time.perf_counter()
        find_timestamps(text)
        return time.perf_counter() - started

    assert seconds_for(1_000_000) < 2
    assert seconds_for(30_000_000) < 2


@given(st.floats(min_value=0, max_value=100_000))
def test_what_is_written_is_found_again_and_never_earlier(seconds: float) -> None:
    (found,) = find_timestamps(clock(seconds))
    assert -0.001 <= found.seconds - seconds <= 0.1


def test_moments_are_written_short() -> None:
    assert [clock(each) for each in (0, 5.2, 23.042, 59.96, 754, 3723)] == [
        "0:00.0",
        "0:05.2",
        "0:23.1",
        "1:00.0",
        "12:34.0",
        "1:02:03.0",
    ]
