"""A key that handlers use and their errors quote is nowhere: not in files, logs, answers or events."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from support import TESTS, Place, eventually, job_is

from longtake.redaction import KeylessFormatter, without_keys

TARGET = f"{TESTS / 'handlers_secret.py'}:queue"
KINDS = ("quotes", "quotes and tries again", "quotes in a child", "holds")


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> str:
    """The key, in the environment of all processes of the test."""
    key = f"sk/{secrets.token_hex(12)}"
    monkeypatch.setenv("CANARY_API_KEY", key)
    return key


def test_a_key_that_errors_quote_is_nowhere(place: Place, canary: str, tmp_path: Path) -> None:
    with place.worker(target=TARGET):
        ids = [asyncio.run(place.queue().submit(kind)).id for kind in KINDS]
        failed = [asyncio.run(job_is(place.queue(), job_id, "failed")) for job_id in ids]
    errors = [job.error or "" for job in failed]
    assert "401 Unauthorized for https://api.example/v1?key=[CANARY_API_KEY]" in errors[0]
    assert "Bearer [CANARY_API_KEY]" in errors[2]
    log = (place.jobs.parent / "worker.out").read_text()
    assert "Traceback" in log
    assert "key=[CANARY_API_KEY]" in log
    seen = {"answers": said_over_http(place, ids, tmp_path), "log": log}
    seen |= {str(path): path.read_bytes().decode("latin-1") for path in place.jobs.rglob("*") if path.is_file()}
    assert len(seen) > len(ids)
    assert [where for where, text in seen.items() if canary in text] == []


def said_over_http(place: Place, ids: list[str], folder: Path) -> str:
    """All that a server says of these jobs, the beginnings of its event streams included."""
    port_file = folder / "port"
    command = [sys.executable, str(TESTS / "handlers_server.py"), str(port_file)]
    server = subprocess.Popen(command, env=os.environ | place.environment)
    try:
        port = eventually(lambda: port_file.exists() and port_file.read_text())
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as http:
            paths = ["", *(f"/{job_id}{part}" for job_id in ids for part in ("", "/steps", "/result"))]
            said = [http.get(f"/api/jobs{path}").text for path in paths]
            with http.stream("GET", f"/api/jobs/{ids[0]}/events") as events:
                for line in events.iter_lines():
                    said.append(line)
                    if line.startswith("data:") and "401 Unauthorized" in line:
                        break
    finally:
        server.kill()
        server.wait()
    return "\n".join(said)


@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "HF_TOKEN", "DB_PASSWORD", "aws_secret", "PROXY_CREDENTIALS"])
def test_the_values_of_variables_that_are_named_as_keys_become_their_names(name: str) -> None:
    environment = {name: "p/ss word1", "HOME": "/root/home", "SHORT_KEY": "a"}
    assert without_keys("a p/ss word1, /root/home", environment) == f"a [{name}], /root/home"
    assert without_keys("?k=p%2Fss%20word1", environment) == f"?k=[{name}]"


def test_a_log_line_loses_its_keys_and_nothing_else(canary: str) -> None:
    record = logging.LogRecord("longtake", logging.INFO, "", 0, "%s and %d", (canary, 7), None)
    assert KeylessFormatter("%(message)s").format(record) == "[CANARY_API_KEY] and 7"
