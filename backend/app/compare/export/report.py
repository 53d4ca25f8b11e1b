"""What every kind of export tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from app.compare.cells import Cell, CellPlan
from app.compare.ratings import Rating, Ratings
from app.compare.standing import Standing


class ReportedVideo(Struct, frozen=True, kw_only=True):
    """A video of the comparison; of one that was deleted only the id is known."""

    name: str
    duration: float | None = None
    """Seconds."""
    width: int | None = None
    height: int | None = None
    size: int | None = None
    """Bytes."""
    sha256: str | None = None
    poster: bytes | None = None
    """JPEG."""


class Question(Struct, frozen=True, kw_only=True):
    """One prompt about one video, and what the models said."""

    video_id: str
    video: ReportedVideo
    prompt: str
    plans: tuple[CellPlan, ...]


class Report(Struct, frozen=True, kw_only=True):
    """A comparison, its videos and what people think of the answers."""

    standing: Standing
    videos: Mapping[str, ReportedVideo]
    ratings: Ratings
    exported_at: datetime

    @property
    def title(self) -> str:
        """Of the job, never empty."""
        return self.standing.job.title or f"Comparison {self.standing.job.id}"

    @property
    def file_stem(self) -> str:
        """Of a name for the file."""
        return f"comparison-{self.standing.job.id}"

    def video(self, video_id: str) -> ReportedVideo:
        """A video of the comparison."""
        return self.videos.get(video_id) or ReportedVideo(name=video_id)

    def cell(self, plan: CellPlan) -> Cell | None:
        """The answer; None while there is none."""
        return self.standing.cells.get(plan.cell)

    def rating(self, plan: CellPlan) -> Rating:
        """What is thought of the answer."""
        return self.ratings.cells.get(plan.cell) or Rating()

    def questions(self) -> Iterator[Question]:
        """Each prompt about each video, in the order of reading."""
        grouped: dict[tuple[str, str], list[CellPlan]] = {}
        for plan in self.standing.plans:
            grouped.setdefault((plan.video_id, plan.prompt), []).append(plan)
        for (video_id, prompt), plans in grouped.items():
            yield Question(video_id=video_id, video=self.video(video_id), prompt=prompt, plans=tuple(plans))
