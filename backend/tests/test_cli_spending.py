"""Money on the command line: the same figures as over HTTP, and the one command that ends all."""

from __future__ import annotations

from pathlib import Path

import pytest
from paying import FLASH, paying_server, upload
from shells import Shell
from standin import StandIn

KEY = "made-up-key-0123456789"


def test_what_is_spent_is_told_and_everything_is_stopped(tmp_path: Path) -> None:
    with StandIn() as standin, paying_server(tmp_path, standin, DAY_CAP_USD="5") as server:
        shell = Shell(tmp_path, LONGTAKE_COMPARE_DAY_CAP_USD="5")
        body = {"video_ids": [upload(server)], "prompts": ["One?", "Two?"], "models": [FLASH], "budget_usd": 0.5}
        job_id = server.post("/api/batch-compare-async", body)["job_id"]
        server.finished(job_id)
        assert shell.json("spending") == server.get("/api/spending")
        assert shell.json("spending", job_id[:20]) == {"job_id": job_id} | server.get(f"/api/jobs/{job_id}/spending")
        plain = shell("spending", "--calls").stdout
        assert "of $5; 2 paid calls." in plain
        assert [line.split()[-1] for line in plain.splitlines()[1:]] == [FLASH, FLASH]
        assert "of $0.5; 2 paid calls." in shell("spending", job_id).stdout
        calls = shell.json("spending", job_id, "--calls")["paid_calls"]
        assert [(call["intent"]["job_id"], call["outcome"]["ending"]) for call in calls] == [(job_id, "answered")] * 2
        later = body | {"run_at": "2999-01-01T00:00:00Z", "fresh": True}
        waiting = [server.post("/api/batch-compare-async", later)["job_id"] for _ in range(2)]
        assert shell.json("stop-all") == {"jobs": 2}
        assert [server.job(each)["status"] for each in waiting] == ["cancelled", "cancelled"]
        assert shell("stop-all").stdout.startswith("0 jobs are cancelled")


def test_without_any_call_the_way_to_a_cap_is_told(tmp_path: Path) -> None:
    said = Shell(tmp_path)("spending").stdout
    assert "no cap; 0 paid calls." in said
    assert "LONGTAKE_COMPARE_DAY_CAP_USD" in said


@pytest.mark.parametrize("key", ["", KEY])
def test_setting_a_key_is_explained_and_no_key_is_shown_or_stored(tmp_path: Path, key: str) -> None:
    shell = Shell(tmp_path, GEMINI_API_KEY=key, GOOGLE_API_KEY="", OPENAI_API_KEY="")
    said = shell("keys", "set", "gemini")
    assert said.stdout.startswith("read -rs GEMINI_API_KEY && export GEMINI_API_KEY")
    assert ("set now" in said.stdout) is bool(key)
    assert KEY not in said.stdout + said.stderr
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
    assert "export OPENAI_API_KEY" in shell("keys", "set").stdout
    assert "gemini, openai" in shell("keys", "set", "acme", code=2).stderr
