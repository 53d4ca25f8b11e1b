"""Made-up keys through every path of the app: none is found in any file, answer, event, log or child."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from servers import COMPARE, Server, running_server
from standin.running import StandIn
from waiting import eventually

GEMINI = "AIzaCANARY+gemini/0123456789-never-show-me"
MINE = "sk-CANARY-mine-0123456789-never-show-me"
OPENAI = "sk-CANARY-openai-0123456789-never-show-me"
TOKEN = "CANARY-token-0123456789-never-show-me"
SECRETS = [each for secret in (GEMINI, MINE, OPENAI, TOKEN) for each in (secret, quote(secret, safe=""), secret[8:])]
MODELS = [
    *("gemini-3.8-flash", "gemini-fake-echo-key", "gemini-fake-bad-key"),
    *("mine/qwen3-vl:8b", "mine/fake-echo-key", "mine/fake-bad-key"),
    "local/scenes",
]
READINGS = [
    *("/api/keys", "/api/health", "/api/doctor", "/api/models"),
    *("/api/jobs", "/api/openapi.json", "/", "/api/videos", "/api/none"),
    *("/api/jobs/{job}", "/api/jobs/{job}/steps", "/api/jobs/{job}/result", "/api/jobs/{job}/ratings"),
    *(f"/api/jobs/{{job}}/export?format={kind}" for kind in ("json", "csv", "md", "html")),
]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with keys, whose providers are the stand-in."""
    with StandIn() as standin:
        standin.control(labelled=True)
        endpoint = {"name": "mine", "base_url": f"{standin.address}/v1", "key_variable": "MINE_KEY"}
        for name, value in {
            "GEMINI_API_KEY": GEMINI,
            "MINE_KEY": MINE,
            "OPENAI_API_KEY": OPENAI,
            "GOOGLE_GEMINI_BASE_URL": standin.address,
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
        with running_server(tmp_path / "data", TOKEN=TOKEN, ENDPOINTS=json.dumps([endpoint])) as server:
            server.address = server.address.split("?")[0]
            server.http.close()
            server.http = httpx2.Client(
                base_url=server.address, timeout=60, headers={"Authorization": f"Bearer {TOKEN}"}
            )
            yield server


def test_no_key_is_found_anywhere(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    video = server.sample()
    job_id = server.post("/api/compare-async", {"video_id": video, "prompt": "?", "models": MODELS})["job_id"]
    children = eventually(lambda: _readers(server.worker_pid()))
    events = _events(server, job_id)
    job = server.finished(job_id, 100)
    states = {cell["model"]: cell["state"] for cell in job["result"]["cells"]}
    assert states["gemini-3.8-flash"] == states["mine/qwen3-vl:8b"] == states["local/scenes"] == "completed"
    assert states["gemini-fake-echo-key"] == states["mine/fake-echo-key"] == "failed"

    found = {path: server.http.get(path.format(job=job_id)).text for path in READINGS}
    assert found["/api/jobs/{job}/export?format=html"].startswith("<!doctype html>")
    found |= {"events": events, "children": children}
    found |= {f"test of {name}": server.http.post(f"/api/keys/{name}/test").text for name in ("gemini", "mine")}
    assert '"taken"' in found["test of gemini"]
    found |= {f"file {path}": path.read_text(errors="replace") for path in server.data.rglob("*") if path.is_file()}
    assert any(name.endswith("worker.log") for name in found)
    found |= {f"name {path}": str(path) for path in server.data.rglob("*")}
    for words in (["doctor"], ["models"], ["keys", "test"], ["jobs", "show", job_id], ["jobs", "result", job_id]):
        said = subprocess.run(
            [str(COMPARE), *words, "--json", *(["--data", str(server.data)] if words[0] != "keys" else [])],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        found[" ".join(words)] = said.stdout + said.stderr
    found["last words"] = server.interrupt()
    found["log"] = "".join(capfd.readouterr())
    assert all(found[name] for name in ("events", "children", "doctor", "models", "keys test"))
    leaks = [(name, secret) for name, text in found.items() for secret in SECRETS if secret in text]
    assert leaks == []


def _readers(worker: int) -> str:
    """The environments and words of the processes that read videos, as the system tells them; "" if none runs."""
    told = ""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = process.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == worker:
                words = process.joinpath("cmdline").read_bytes() + process.joinpath("environ").read_bytes()
                told += words.decode(errors="replace")
        except OSError:
            continue
    return told


def _events(server: Server, job_id: str) -> str:
    """What the event stream of a job tells, until the job is finished."""
    told = ""
    with server.http.stream("GET", f"/api/jobs/{job_id}/events") as stream:
        for piece in stream.iter_text():
            told += piece
            if '"status":"completed"' in told.replace(" ", ""):
                break
    return told
