"""Videos go to Google once: for all cells, over restarts, and from where an upload broke."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from standin import StandIn
from standin.trying import ask, failure, gemini, looks_like_film
from standin.usual import CANARY, PROMPT, QUICK

from app.models.base import Video
from app.models.errors import ErrorKind, ModelError
from app.models.gemini.service import GeminiService
from app.models.gemini.shelf import Begun, UploadShelf
from app.models.gemini.uploading import PIECE
from app.models.gemini.uploads import Ready, Uploads
from app.models.keys import Key
from app.models.testing import Recorder

THREE_PIECES = 2 * PIECE + 1000


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def video(tmp_path: Path) -> Video:
    return looks_like_film(tmp_path / "film.mp4")


@pytest.fixture
def large(tmp_path: Path) -> Video:
    return looks_like_film(tmp_path / "large.mp4", THREE_PIECES)


def service(standin: StandIn, key: str = CANARY) -> GeminiService:
    return GeminiService(Key("GEMINI_API_KEY", key), standin.address, patience=QUICK)


async def nobody(percent: float, message: str) -> None:
    """Hear the progress of an upload."""


def bring(uploads: Uploads, video: Video) -> Ready:
    return asyncio.run(uploads.ready(video, nobody))


def started(standin: StandIn) -> int:
    return len(standin.seen("files.start"))


def test_cells_of_the_same_video_share_one_upload(standin: StandIn, video: Video) -> None:
    model = gemini(standin)

    async def two_cells() -> None:
        await asyncio.gather(*(model.answer(video, PROMPT, Recorder()) for _ in range(2)))

    asyncio.run(two_cells())
    assert started(standin) == 1
    assert standin.paid() == 2


def test_an_upload_is_remembered_over_restarts(standin: StandIn, video: Video, tmp_path: Path) -> None:
    shelf = tmp_path / "state" / "uploads.json"
    first = bring(Uploads(service(standin), UploadShelf(shelf)), video)
    second = bring(Uploads(service(standin), UploadShelf(shelf)), video)
    assert (second.uri, second.media_type) == (first.uri, "video/mp4")
    assert first.seconds is not None
    assert second.seconds is None
    assert started(standin) == 1


def test_what_is_remembered_is_private_and_holds_no_key(standin: StandIn, video: Video, tmp_path: Path) -> None:
    shelf = tmp_path / "state" / "uploads.json"
    bring(Uploads(service(standin), UploadShelf(shelf)), video)
    assert CANARY not in shelf.read_text()
    assert shelf.stat().st_mode & 0o077 == 0
    assert [path.name for path in shelf.parent.iterdir()] == ["uploads.json"]


def test_another_key_has_uploads_of_its_own(standin: StandIn, video: Video) -> None:
    shelf = UploadShelf(None)
    bring(Uploads(service(standin), shelf), video)
    bring(Uploads(service(standin, "another-key-of-mine"), shelf), video)
    assert started(standin) == 2


def test_a_spoilt_memory_costs_one_more_upload_and_no_more(standin: StandIn, video: Video, tmp_path: Path) -> None:
    shelf = tmp_path / "uploads.json"
    shelf.write_text('{"half": ')
    bring(Uploads(service(standin), UploadShelf(shelf)), video)
    bring(Uploads(service(standin), UploadShelf(shelf)), video)
    assert started(standin) == 1


def test_an_upload_that_expires_soon_is_done_again(standin: StandIn, video: Video) -> None:
    shelf = UploadShelf(None)
    bring(Uploads(service(standin), shelf), video)
    bring(Uploads(service(standin), shelf, now=lambda: datetime.now(UTC) + timedelta(hours=46)), video)
    assert started(standin) == 1
    bring(Uploads(service(standin), shelf, now=lambda: datetime.now(UTC) + timedelta(hours=47, minutes=30)), video)
    assert started(standin) == 2


@pytest.mark.parametrize("in_background", [True, False])
def test_a_file_that_google_lost_is_uploaded_again_in_the_same_answer(
    standin: StandIn, video: Video, *, in_background: bool
) -> None:
    model = gemini(standin, in_background=in_background)
    ask(model, video)
    standin.lose_files()
    assert ask(model, video).text
    assert started(standin) == 2
    assert standin.paid() == 2


def test_a_file_that_is_lost_twice_is_an_error(standin: StandIn, video: Video) -> None:
    standin.control(fault="file-lost", times=2)
    error = failure(gemini(standin), video)
    assert (error.kind, error.retryable) == (ErrorKind.FILE_LOST, True)
    assert started(standin) == 2


def test_a_file_that_is_not_ready_after_all_is_uploaded_again(standin: StandIn, video: Video) -> None:
    standin.control(fault="file-not-ready")
    assert ask(gemini(standin), video).text


def test_a_video_is_asked_about_only_when_it_is_active(standin: StandIn, video: Video) -> None:
    standin.control(processing_polls=3)
    bring(Uploads(service(standin), UploadShelf(None)), video)
    assert len(standin.seen("files.get")) == 4


def test_a_video_that_never_gets_ready_is_given_up(standin: StandIn, video: Video) -> None:
    standin.control(processing_polls=100_000)
    hasty = msgspec.structs.replace(QUICK, ready=0.2)
    error = failure(gemini(standin, patience=hasty), video)
    assert (error.kind, error.retryable) == (ErrorKind.TIMEOUT, True)
    assert standin.paid() == 0


def test_a_video_that_google_cannot_process_is_unreadable(standin: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "text.mp4"
    path.write_text("no video")
    error = failure(gemini(standin), msgspec.structs.replace(looks_like_film(tmp_path / "x.mp4"), path=path))
    assert (error.kind, error.retryable) == (ErrorKind.UNREADABLE, False)


def test_an_upload_that_was_not_awaited_to_be_ready_is_not_done_again(standin: StandIn, video: Video) -> None:
    shelf = UploadShelf(None)
    standin.control(processing_polls=100_000)
    hasty = GeminiService(Key("K", CANARY), standin.address, patience=msgspec.structs.replace(QUICK, ready=0.1))
    with pytest.raises(ModelError):
        bring(Uploads(hasty, shelf), video)
    standin.control(processing_polls=0)
    bring(Uploads(service(standin), shelf), video)
    assert started(standin) == 1


@pytest.mark.parametrize("fault", ["reset", "503", "hang", "lost-answer"])
def test_an_upload_goes_on_from_where_it_broke(standin: StandIn, large: Video, fault: str) -> None:
    standin.control(fault=fault, on="upload")
    bring(Uploads(service(standin), UploadShelf(None)), large)
    assert started(standin) == 1
    assert len(standin.seen("files.query")) == 1
    offsets = [int(piece["headers"]["x-goog-upload-offset"]) for piece in standin.seen("files.chunk")]
    repeated = [] if fault == "lost-answer" else [0]
    assert offsets == [*repeated, 0, PIECE, 2 * PIECE]
    assert standin.stored_hashes() == [hashlib.sha256(large.path.read_bytes()).hexdigest()]


def test_an_upload_that_keeps_breaking_is_an_error(standin: StandIn, video: Video) -> None:
    standin.control(fault="503", on="upload", times=100)
    error = failure(gemini(standin), video)
    assert (error.kind, error.retryable) == (ErrorKind.OVERLOADED, True)


def test_an_upload_that_a_crash_broke_is_taken_up_by_the_next_process(
    standin: StandIn, large: Video, tmp_path: Path
) -> None:
    shelf = tmp_path / "uploads.json"
    standin.control(fault="hang", on="upload", times=1)

    async def crash() -> None:
        slow = msgspec.structs.replace(QUICK, upload=30.0)
        uploads = Uploads(GeminiService(Key("K", CANARY), standin.address, patience=slow), UploadShelf(shelf))
        asking = asyncio.create_task(uploads.ready(large, nobody))
        while not standin.seen("files.chunk"):
            await asyncio.wait([asking], timeout=0.02)
        asking.cancel()
        await asyncio.wait([asking])

    asyncio.run(crash())
    bring(Uploads(service(standin), UploadShelf(shelf)), large)
    assert started(standin) == 1
    assert standin.log()["requests"][-1]["api"] == "files.get"


def test_an_upload_address_that_is_void_is_replaced(standin: StandIn, video: Video) -> None:
    shelf = UploadShelf(None)
    gemini_service = service(standin)
    void = Begun(upload_url=f"{standin.address}/upload/v1beta/files?upload_id=long-gone")
    asyncio.run(shelf.put(gemini_service.owner, video.video_id, void))
    bring(Uploads(gemini_service, shelf), video)
    assert started(standin) == 1


def test_a_cancelled_upload_is_taken_up_by_the_cell_that_waits_for_it(standin: StandIn, large: Video) -> None:
    standin.control(latency=0.3)
    uploads = Uploads(service(standin), UploadShelf(None))

    async def cancel_the_first() -> Ready:
        first, second = (asyncio.create_task(uploads.ready(large, nobody)) for _ in range(2))
        while not standin.seen("files.chunk"):
            await asyncio.wait([first], timeout=0.02)
        first.cancel()
        return await second

    assert asyncio.run(cancel_the_first()).uri
    assert started(standin) == 1


def test_the_event_loop_goes_on_while_an_upload_waits_out_a_failure(standin: StandIn, large: Video) -> None:
    """The SDK's own upload sleeps 1, 2, then 4 seconds on the event loop here (python-genai issue 2938)."""
    standin.control(fault="503", on="upload", times=3)
    uploads = Uploads(service(standin), UploadShelf(None))

    async def longest_pause() -> float:
        loop = asyncio.get_running_loop()
        uploading = asyncio.create_task(uploads.ready(large, nobody))
        longest = 0.0
        while not uploading.done():
            before = loop.time()
            await asyncio.wait([uploading], timeout=0.01)
            longest = max(longest, loop.time() - before)
        await uploading
        return longest

    assert asyncio.run(longest_pause()) < 0.5


def test_neither_the_key_nor_a_users_name_goes_with_the_pieces(standin: StandIn, video: Video) -> None:
    bring(Uploads(service(standin), UploadShelf(None)), video)
    (start,) = standin.seen("files.start")
    assert start["key"] == CANARY
    assert start["body"] == {"display_name": "film", "mime_type": "video/mp4"}
    assert all(CANARY not in str(piece) for piece in standin.seen("files.chunk"))


def test_media_types_are_called_as_google_calls_them(standin: StandIn, video: Video) -> None:
    quicktime = msgspec.structs.replace(video, media_type="video/quicktime")
    assert bring(Uploads(service(standin), UploadShelf(None)), quicktime).media_type == "video/mov"


def test_progress_tells_how_much_was_sent(standin: StandIn, large: Video) -> None:
    heard: list[tuple[float, str]] = []

    async def listen(percent: float, message: str) -> None:
        heard.append((percent, message))

    asyncio.run(Uploads(service(standin), UploadShelf(None)).ready(large, listen))
    percents = [percent for percent, _ in heard]
    assert percents == sorted(percents)
    assert len({percent for percent, message in heard if message == "Uploading the video to Google"}) == 3
    assert heard[-1][1] == "Google prepares the video"
