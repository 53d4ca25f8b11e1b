"""Keys are tried, and never shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shells import Shell
from standin.running import StandIn

from app.models.key_trials import KeyState

KEY = "made-up-key-0123456789"


@pytest.mark.parametrize(("good", "state", "code"), [(KEY, KeyState.TAKEN, 0), ("another-key", KeyState.REFUSED, 1)])
def test_each_key_that_is_set_is_tried(tmp_path: Path, good: str, state: KeyState, code: int) -> None:
    with StandIn() as standin:
        standin.control(key=good)
        endpoint = f'[{{"name": "mine", "base_url": "{standin.address}/v1", "key_variable": "MINE_KEY"}}]'
        shell = Shell(
            tmp_path,
            GOOGLE_API_KEY="",
            GEMINI_API_KEY=KEY,
            OPENAI_API_KEY="",
            MINE_KEY=KEY,
            GOOGLE_GEMINI_BASE_URL=standin.address,
            LONGTAKE_COMPARE_ENDPOINTS=endpoint,
        )
        said = shell("keys", "test", "--json", code=code)
        plain = shell("keys", "test", code=code)
        assert standin.paid() == 0
    states = {trial["provider"]: trial["state"] for trial in json.loads(said.stdout)["keys"]}
    assert states == {"gemini": state, "openai": KeyState.MISSING, "mine": state}
    assert "GEMINI_API_KEY" in plain.stdout
    assert KEY not in said.stdout + said.stderr + plain.stdout + plain.stderr


def test_a_provider_that_cannot_be_reached_says_nothing_about_the_key(tmp_path: Path) -> None:
    shell = Shell(tmp_path, GOOGLE_API_KEY="", GEMINI_API_KEY=KEY, GOOGLE_GEMINI_BASE_URL="http://127.0.0.1:9")
    said = shell("keys", "test", code=1)
    assert said.stdout.startswith("? gemini")
    assert "Check the network" in said.stdout
