"""How the server starts: its socket, its first words, who can find it, and who it lets in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from servers import COMPARE, running_server

from app import serving
from app.presence import Running, announced, running
from app.settings import Settings, SettingsError

TOKEN = "a-long-token-of-letters-and-123"


def compare(data: Path, *words: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call the command line beside a server."""
    environ = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    said = subprocess.run(
        [str(COMPARE), *words, "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environ | environment,
    )
    assert said.returncode == code, said.stdout + said.stderr
    return said


def test_small_answers_are_sent_at_once() -> None:
    """Asyncio sets TCP_NODELAY only on sockets that say aloud that they are TCP."""
    with closing(serving._listen(Settings(data_dir=Path(), port=0), port_is_fixed=False)) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_the_next_free_port_is_taken_unless_one_was_asked_for() -> None:
    with closing(serving._listen(Settings(data_dir=Path(), port=0), port_is_fixed=False)) as first:
        first.listen()
        taken = Settings(data_dir=Path(), port=first.getsockname()[1])
        with closing(serving._listen(taken, port_is_fixed=False)) as second:
            assert second.getsockname()[1] > taken.port
        with pytest.raises(SettingsError, match=r"in use.*--port"):
            serving._listen(taken, port_is_fixed=True)


def test_an_address_of_another_computer_is_refused_at_once() -> None:
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1"):
        serving._listen(Settings(data_dir=Path(), host="192.0.2.1"), port_is_fixed=False)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("localhost", "http://localhost:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
    ],
)
def test_the_address_can_be_typed_into_a_browser(host: str, address: str) -> None:
    assert serving._address(Settings(data_dir=Path(), host=host)) == address


def test_servers_that_run_are_found_and_dead_ones_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    assert running(folder) == []
    this = Running(address="http://127.0.0.1:8000/", asks_for_token=False, started_at=1.0)
    with announced(folder, this):
        (folder / "1.json").write_text("left by a dead one")
        assert running(folder) == [this]
        assert [path.name for path in folder.iterdir()] == [f"{os.getpid()}.json"]
        assert (folder.stat().st_mode & 0o777, next(folder.iterdir()).stat().st_mode & 0o777) == (0o700, 0o600)
    assert running(folder) == []


def test_without_a_token_open_prints_the_address(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "longtake-compare up" in compare(data, "open", code=2).stderr
    with running_server(data) as server:
        assert compare(data, "open").stdout.strip() == server.address
        video = server.sample()
        job_id = server.post("/api/compare-async", {"video_id": video, "prompt": "?", "models": ["local/scenes"]})[
            "job_id"
        ]
        assert compare(data, "open", job_id[:20]).stdout.strip() == f"{server.address}jobs/{job_id}"
        assert "no job" in compare(data, "open", "zzzz", code=2).stderr
        server.kill()
        assert "No server runs" in compare(data, "open", code=2).stderr


def test_with_a_token_every_browser_gets_a_link_of_its_own(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_server(data, TOKEN=TOKEN) as server:
        first = server.address
        second = compare(data, "open").stdout.strip()
        for link in (first, second):
            with httpx2.Client(follow_redirects=True) as browser:
                assert browser.get(link).status_code == 200
                assert browser.get(f"{link.split('?')[0]}api/health").status_code == 200
                with httpx2.Client() as late:
                    assert late.get(link).status_code == 401
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?launch=[\w-]{43}", second)
        assert TOKEN not in "".join(path.read_text() for path in data.rglob("server/**/*") if path.is_file())


def test_a_full_disk_is_told_in_a_line(tmp_path: Path) -> None:
    """A file in place of the folder stands for a disk that refuses, whoever runs the test."""
    (tmp_path / "uploads").write_text("")
    said = compare(tmp_path, "up", "--no-browser", "--port", "0", code=1)
    assert "uploads" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_server_that_nobody_can_learn_of_serves_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "server").write_text("")
    with running_server(tmp_path) as server:
        assert server.get("/api/health")["status"] == "ok"
    assert "No server runs" in compare(tmp_path, "open", code=2).stderr


def test_ctrl_c_while_the_program_loads_is_no_defect() -> None:
    code = "import builtins, app.cli; real = builtins.__import__\n"
    code += "def load(name, *a, **k):\n    if name == 'app.cli.program': raise KeyboardInterrupt\n"
    code += "    return real(name, *a, **k)\n"
    code += "builtins.__import__ = load\napp.cli.main()"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stderr) == (130, "")
