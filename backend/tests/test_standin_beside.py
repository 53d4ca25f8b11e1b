"""`dev run --standin`: the app with made-up providers, for work on the page."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
from standin.beside import KEY, environment
from waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
REAL = "a-real-key-that-must-not-leave"
MODELS = ["gemini-3.8-flash", "stand-in/qwen3-vl:8b", "gemini-fake-blocked"]


def test_dev_run_standin_compares_and_ends_with_the_server(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "dev", "run", "--standin", "--no-browser", "--port", "0", "--data", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "OPENAI_API_KEY": REAL, "GOOGLE_API_KEY": REAL},
    )
    try:
        assert process.stdout is not None
        label = next(line for line in process.stdout if "STAND-IN" in line)
        ready = next(line for line in process.stdout if "ready: " in line)
        found = re.search(r"ready: (\S+)", ready)
        assert found
        with httpx2.Client(base_url=found[1], timeout=30) as http:
            listed = eventually(lambda: _labelled(http))
            assert set(MODELS) <= listed.keys()
            assert "openai/qwen3-vl:8b" not in listed
            video_id = http.post("/api/videos/sample").json()["video_id"]
            body = {"video_id": video_id, "prompt": "What happens?", "models": MODELS}
            job = http.post("/api/compare", json=body, timeout=60).json()
        states = {cell["model"]: (cell["state"], cell["cost_usd"]) for cell in job["result"]["cells"]}
        assert states["gemini-3.8-flash"][0] == "completed"
        assert states["gemini-3.8-flash"][1] > 0
        assert states["stand-in/qwen3-vl:8b"][0] == "completed"
        assert states["gemini-fake-blocked"][0] == "blocked"
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
        assert "The worker has stopped" in said
        port = int(label.split("127.0.0.1:")[1].split()[0])
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def test_no_real_key_reaches_the_app_beside_the_standin() -> None:
    environ = environment(
        "http://127.0.0.1:1", {"GEMINI_API_KEY": REAL, "GOOGLE_API_KEY": REAL, "OPENAI_API_KEY": REAL}
    )
    assert REAL not in environ.values()
    assert environ["GEMINI_API_KEY"] == KEY
    assert environment("http://127.0.0.1:1", {"LONGTAKE_COMPARE_DATA": "/own"})["LONGTAKE_COMPARE_DATA"] == "/own"


def _labelled(http: httpx2.Client) -> dict[str, str]:
    """The models by their ids, once the list of the stand-in is there."""
    listed = {model["id"]: model["title"] for model in http.get("/api/models").json()["models"]}
    return listed if listed.get("gemini-3.8-flash", "").startswith("Stand-in for") else {}
