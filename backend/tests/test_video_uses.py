"""In how many jobs a video is used: the truth on the disk, also after a delete and a restart."""

from __future__ import annotations

from films import tiny_film
from servers import Server
from waiting import eventually


def test_each_video_counts_the_jobs_that_are_about_it(server: Server) -> None:
    first = server.http.post("/api/videos", files={"file": ("a.mp4", tiny_film())}).json()["video_id"]
    second = server.post("/api/videos/sample")["video_id"]
    assert server.get("/api/video-uses") == {"jobs": {}}
    single = {"video_id": first, "prompt": "What?", "models": ["demo/stream"]}
    batch = {"video_ids": [first, second], "prompts": ["What?"], "models": ["demo/stream"]}
    job = server.post("/api/compare-async", single)["job_id"]
    server.post("/api/batch-compare-async", batch)
    assert server.get("/api/video-uses") == {"jobs": {first: 2, second: 1}}
    server.http.post(f"/api/jobs/{job}/cancel")
    eventually(lambda: server.get(f"/api/jobs/{job}")["status"] == "cancelled")
    server.http.delete(f"/api/jobs/{job}").raise_for_status()
    assert server.get("/api/video-uses") == {"jobs": {first: 1, second: 1}}
    server.kill()
    server.restart()
    assert server.get("/api/video-uses") == {"jobs": {first: 1, second: 1}}
