"""Jobs that were started while their videos are uploaded, as tests of them need them."""

from __future__ import annotations

from typing import Any

from films import tiny_film
from servers import Server
from uploading import begin, send
from waiting import eventually

DEMO = "demo/stream"
RED = tiny_film()


def half_sent(server: Server, film: bytes = RED, name: str = "film.mp4") -> str:
    """An upload of which one half has come."""
    place = begin(server, len(film), name)
    assert send(server, place, 0, film[: len(film) // 2]).status_code == 204
    return place


def send_rest(server: Server, place: str, film: bytes = RED) -> None:
    assert send(server, place, len(film) // 2, film[len(film) // 2 :]).status_code == 204


def run(server: Server, *videos: str, **terms: object) -> str:
    """Press Run; the id of the job."""
    body = {"video_ids": videos, "prompts": ["What happens?"], "models": [DEMO], **terms}
    return str(server.post("/api/batch-compare-async", body)["job_id"])


def waits(server: Server, job_id: str, words: str = "Waiting for 1 upload, ") -> Any:
    """The job once it says that it waits."""
    return eventually(lambda: job if words in (job := server.job(job_id))["progress_message"] else None)


def cells(job: Any) -> dict[str, Any]:
    return {cell["cell"]: cell for cell in job["result"]["cells"]}


def new_worker(server: Server, other_than: int) -> int:
    def look() -> int:
        pid = server.get("/api/health")["worker"]["pid"]
        return 0 if pid in {None, other_than} else int(pid)

    return eventually(look, 60)
