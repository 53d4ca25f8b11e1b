"""The child process: what it may use, what it cannot do, and that it never stays behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.media.errors import MediaError, MediaErrorKind
from app.media.limited import in_child
from app.media.limits import MEBIBYTE, Limits

T = TypeVar("T")

LIMITS = Limits(wall_seconds=20, cpu_seconds=10)
DEADLINE = 10.0


def call(function: str, returns: type[T], limits: Limits = LIMITS, **args: Any) -> T:
    return asyncio.run(in_child(f"tests.media.misbehaving:{function}", args, returns=returns, limits=limits))


def failure(function: str, limits: Limits = LIMITS, **args: Any) -> MediaError:
    with pytest.raises(MediaError) as caught:
        call(function, object, limits, **args)
    return caught.value


def alive(pid: int) -> bool:
    """Whether a process still does anything: one that waits for its parent to take notice does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    return state not in "ZX"


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + DEADLINE
    while alive(pid):
        assert time.monotonic() < deadline, f"process {pid} stayed behind"
        os.sched_yield()


async def cancelled_in_the_middle(function: str) -> list[int]:
    """Start `function`, which names its processes in its first report, and cancel it then."""
    named: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def hear(_percent: float, message: str) -> None:
        named.set_result(message)

    waiting = asyncio.create_task(
        in_child(f"tests.media.misbehaving:{function}", {}, returns=object, limits=LIMITS, on_progress=hear)
    )
    pids = [int(pid) for pid in (await named).split()]
    assert all(map(alive, pids))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    return pids


def test_a_result_comes_back_in_the_type_asked_for_with_progress_before_it() -> None:
    heard = []

    async def hear(percent: float, message: str) -> None:
        heard.append((percent, message))

    function = "tests.media.misbehaving:count"
    result = asyncio.run(in_child(function, {"to": 5}, returns=tuple[int, ...], limits=LIMITS, on_progress=hear))
    assert result == (0, 1, 2, 3, 4)
    assert heard[0] == (0.0, "Counting 0")


def test_progress_never_goes_back_nor_beyond_a_hundred() -> None:
    heard = []

    async def hear(percent: float, _message: str) -> None:
        heard.append(percent)

    function = "tests.media.misbehaving:progress_that_goes_back"
    asyncio.run(in_child(function, {}, returns=int, limits=LIMITS, on_progress=hear))
    assert heard == sorted(heard)
    assert set(heard) == {10, 50, 100}


def test_nothing_of_our_environment_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "canary")
    assert set(call("environment", dict[str, str])) <= {"LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}


def test_the_child_has_no_network() -> None:
    alone = subprocess.run(["unshare", "--map-root-user", "--net", "true"], check=False, capture_output=True)
    if alone.returncode != 0:
        pytest.skip("this system lets nobody leave the network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert call("network", str, port=server.getsockname()[1]) != "connected"


def test_too_much_processor_time_is_a_limit() -> None:
    error = failure("spin", Limits(wall_seconds=20, cpu_seconds=1))
    assert error.kind is MediaErrorKind.LIMIT
    assert "1 seconds of processor time" in error.message


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit address space")
def test_too_much_memory_is_a_limit() -> None:
    error = failure("eat_memory", size=2048 * MEBIBYTE)
    assert error.kind is MediaErrorKind.LIMIT
    assert "1024 MB" in error.message


def test_too_much_time_is_a_limit() -> None:
    error = failure("block", Limits(wall_seconds=0.5, cpu_seconds=10))
    assert error.kind is MediaErrorKind.LIMIT
    assert "0.5 seconds" in error.message


def test_a_child_writes_no_file_larger_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "big"
    assert failure("write_file", path=str(path), size=1).kind is MediaErrorKind.INTERNAL
    assert path.stat().st_size == 0
    small = Limits(wall_seconds=20, cpu_seconds=10, file_bytes=1000)
    assert call("write_file", int, small, path=str(path), size=1000) == 1000
    assert failure("write_file", small, path=str(path), size=5000).kind is MediaErrorKind.INTERNAL
    assert path.stat().st_size <= 1000


def test_a_child_opens_only_so_many_files() -> None:
    assert call("open_many", int, number=20) == 20
    assert "Too many open files" in failure("open_many", number=100).message


@pytest.mark.parametrize("function", ["crash", "leave"])
def test_a_child_that_breaks_down_makes_the_file_unreadable(function: str) -> None:
    assert failure(function).kind is MediaErrorKind.UNREADABLE


def test_a_defect_of_ours_is_named_as_one() -> None:
    error = failure("raise_an_error")
    assert error.kind is MediaErrorKind.INTERNAL
    assert "out of luck" in error.message


def test_what_a_library_prints_does_not_mix_with_the_answer() -> None:
    assert call("return_text", str) == "text"


@pytest.mark.parametrize(
    "line", ["nonsense", '{"type":"result"}', '{"type":"progress","percent":"x","message":""}', "not UTF-8: \xff"]
)
def test_a_senseless_answer_makes_the_file_unreadable(line: str) -> None:
    assert failure("talk_nonsense", text=f"{line}\n", times=1).kind is MediaErrorKind.UNREADABLE


def test_a_line_without_end_makes_the_file_unreadable() -> None:
    assert failure("talk_nonsense", text="x" * MEBIBYTE, times=20).kind is MediaErrorKind.UNREADABLE


def test_an_answer_of_another_shape_makes_the_file_unreadable() -> None:
    with pytest.raises(MediaError) as caught:
        call("return_text", int)
    assert caught.value.kind is MediaErrorKind.UNREADABLE


def test_cancelling_ends_the_child_before_it_returns_even_one_that_ignores_signals() -> None:
    (pid,) = asyncio.run(cancelled_in_the_middle("block"))
    assert not alive(pid)


def test_cancelling_ends_what_the_child_started_too() -> None:
    for pid in asyncio.run(cancelled_in_the_middle("block_with_child")):
        wait_until_gone(pid)


@pytest.mark.parametrize("function", ["block", "spin", "block_without_death_signal"])
def test_a_child_ends_when_its_parent_is_killed(function: str) -> None:
    program = f"""
import asyncio
from app.media.limited import in_child
from app.media.limits import Limits

async def hear(percent, message):
    print(message, flush=True)

asyncio.run(in_child("tests.media.misbehaving:{function}", {{}}, returns=object, on_progress=hear,
                     limits=Limits(wall_seconds=60, cpu_seconds=30)))
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.send_signal(signal.SIGKILL)
    wait_until_gone(pid)


def test_our_own_process_never_loads_a_decoder() -> None:
    program = "import sys, app.media.probe, app.models.registry; sys.exit('av' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
