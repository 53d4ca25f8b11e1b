"""Stars, notes and votes: kept over restarts, gone with their job, never half written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from films import tiny_film
from servers import Server, running_server

from app.compare.cells import plan_cells
from app.compare.ratings import Rating, RatingsShelf, Vote, Wins, win_table
from app.compare.standing import Standing
from longtake import Job, JobQueue

MODELS = ["local/scenes", "local/scenes-sensitive", "local/quality"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("ratings")) as server:
        yield server


@pytest.fixture(scope="module")
def video_id(server: Server) -> str:
    answer = server.http.post("/api/videos", files={"file": ("film.mp4", tiny_film())})
    return str(answer.json()["video_id"])


@pytest.fixture
def job_id(server: Server, video_id: str) -> str:
    """A fresh comparison; it need not run to be rated."""
    queue = JobQueue(server.jobs, mode="external")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    asked = queue.submit("compare", run_at=tomorrow, video_id=video_id, prompt="?", models=MODELS)
    return asyncio.run(asked).id


def put(server: Server, job_id: str, cell: str, rating: object) -> Any:
    return server.http.put(f"/api/jobs/{job_id}/cells/{cell}/rating", json=rating)


def vote(server: Server, job_id: str, **cast: object) -> Any:
    return server.http.post(f"/api/jobs/{job_id}/votes", json=cast)


def comparison_of(models: list[str]) -> Standing:
    """A comparison of one video with one prompt, without a queue."""
    job = Job(id="0" * 26, kind="compare", created_at=datetime.now(UTC))
    return Standing(job=job, plans=tuple(plan_cells(["v"], ["?"], models)), cells={})


def test_a_rating_is_kept_over_a_restart_and_gone_with_its_job(server: Server, job_id: str) -> None:
    assert server.get(f"/api/jobs/{job_id}/ratings") == {"cells": {}, "votes": [], "wins": {}}
    rated = {"stars": 4, "note": "misses the <last> cut"}
    assert put(server, job_id, "1.1.2", rated).json()["cells"] == {"1.1.2": rated}
    put(server, job_id, "1.1.1", {"stars": 2})
    file = server.data / "ratings" / f"{job_id}.json"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    server.kill()
    server.restart()
    expected = {"1.1.1": {"stars": 2, "note": ""}, "1.1.2": rated}
    assert server.get(f"/api/jobs/{job_id}/ratings")["cells"] == expected
    assert file.exists()

    server.http.delete(f"/api/jobs/{job_id}")
    assert server.http.get(f"/api/jobs/{job_id}/ratings").status_code == 404
    server.kill()
    server.restart()
    assert not file.exists()


def test_an_empty_rating_takes_it_back(server: Server, job_id: str) -> None:
    put(server, job_id, "1.1.1", {"stars": 5, "note": "good"})
    assert put(server, job_id, "1.1.1", {"stars": None, "note": "only a note"}).status_code == 200
    assert put(server, job_id, "1.1.1", {"stars": None, "note": ""}).json()["cells"] == {}


@pytest.mark.parametrize(
    "rating",
    [
        {"stars": 0},
        {"stars": 6},
        {"stars": 2.5},
        {"stars": "4"},
        {"stars": True},
        {"note": "x" * 5001},
        {"star": 4},
        [],
    ],
)
def test_a_rating_that_cannot_be_is_refused(server: Server, job_id: str, rating: object) -> None:
    answer = put(server, job_id, "1.1.1", rating)
    assert answer.status_code == 422
    assert server.get(f"/api/jobs/{job_id}/ratings")["cells"] == {}


@pytest.mark.parametrize("cell", ["1.1.4", "0.0.0", "x", "1.1", "..%2f..%2fx", "1.1.1%00"])
def test_a_cell_that_there_is_not_cannot_be_rated(server: Server, job_id: str, cell: str) -> None:
    answer = put(server, job_id, cell, {"stars": 1})
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_votes_are_counted_and_a_second_one_replaces_the_first(server: Server, job_id: str, video_id: str) -> None:
    first, second, third = MODELS
    asked = {"video_id": video_id, "prompt": "?"}
    vote(server, job_id, **asked, models=[first, second], winner=second)
    vote(server, job_id, **asked, models=[second, first], winner=first)
    vote(server, job_id, **asked, models=[first, third], winner="tie")
    view = vote(server, job_id, **asked, models=[second, third], winner="bad").json()
    assert len(view["votes"]) == 3
    assert view["wins"] == {
        first: {"won": 1, "lost": 0, "tied": 1},
        second: {"won": 0, "lost": 1, "tied": 1},
        third: {"won": 0, "lost": 0, "tied": 2},
    }
    assert server.get(f"/api/jobs/{job_id}/ratings") == view


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"video_id": "a" * 20}, "does not ask"),
        ({"prompt": "another"}, "does not ask"),
        ({"models": ["local/scenes", "demo/stream"]}, "two of the models"),
        ({"models": ["local/scenes", "local/scenes"]}, "two of the models"),
        ({"models": ["local/scenes"]}, "models"),
        ({"winner": "demo/stream"}, "winner"),
        ({"winner": None}, "winner"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(
    server: Server, job_id: str, video_id: str, changes: dict[str, object], words: str
) -> None:
    cast = {"video_id": video_id, "prompt": "?", "models": MODELS[:2], "winner": MODELS[0]}
    answer = vote(server, job_id, **(cast | changes))
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_ratings_that_come_at_once_are_all_kept(tmp_path: Path) -> None:
    standing = comparison_of([f"model {number}" for number in range(20)])

    async def rate_all() -> None:
        shelf = RatingsShelf(tmp_path / "ratings")
        await asyncio.gather(*(shelf.rate(standing, plan.cell, Rating(stars=3)) for plan in standing.plans))
        assert len((await shelf.read(standing.job.id)).cells) == 20

    asyncio.run(rate_all())


def test_damaged_ratings_are_set_aside_and_never_written_over(server: Server, job_id: str) -> None:
    put(server, job_id, "1.1.1", {"stars": 5})
    file = server.data / "ratings" / f"{job_id}.json"
    torn = file.read_bytes()[:10]
    file.write_bytes(torn)
    assert server.get(f"/api/jobs/{job_id}/ratings")["cells"] == {}
    (aside,) = file.parent.glob(f"{job_id}.damaged-*")
    assert aside.read_bytes() == torn
    put(server, job_id, "1.1.2", {"stars": 1})
    assert json.loads(file.read_bytes())["cells"] == {"1.1.2": {"stars": 1, "note": ""}}


def test_a_rating_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = comparison_of(["m"])

    async def rate() -> None:
        shelf = RatingsShelf(tmp_path / "ratings")
        await shelf.rate(standing, "1.1.1", Rating(stars=3))
        monkeypatch.setattr("app.videos.disk.sync_data", _broken)
        with pytest.raises(OSError, match="broken"):
            await shelf.rate(standing, "1.1.1", Rating(stars=5))
        assert (await shelf.read(standing.job.id)).cells["1.1.1"].stars == 3

    asyncio.run(rate())
    assert sorted(path.name for path in (tmp_path / "ratings").iterdir()) == [".gitignore", f"{'0' * 26}.json"]


def _broken(fd: int) -> None:
    raise OSError("the disk is broken")


def test_wins_losses_and_ties_are_counted_per_model() -> None:
    def cast(winner: str) -> Vote:
        return Vote(video_id="v", prompt="?", models=("a", "b"), winner=winner)

    assert win_table([cast("a"), cast("a"), cast("b"), cast("tie"), cast("bad")]) == {
        "a": Wins(won=2, lost=1, tied=2),
        "b": Wins(won=1, lost=2, tied=2),
    }
