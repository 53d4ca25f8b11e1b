"""Measure how a video looks and sounds: black, frozen, blurred; silent, loud."""

from __future__ import annotations

from statistics import median

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from app.media.errors import MediaError
from app.media.facts import BLURRED_EDGES, Loudness, QualityReport, VideoFacts
from app.media.inside.filtering import PictureMeter, SoundMeter
from app.media.inside.probing import probe
from app.media.inside.reading import frames, opened, picture_stream, sound_stream, start_of, undecodable
from app.media.inside.spans import Spans
from app.media.wire import Report

_LONGEST_SIDE = 480
_PICTURE_FILTERS = (
    ("blackdetect", "black_min_duration=0.2"),
    ("freezedetect", "duration=1:noise=-60dB"),
    ("blurdetect", ""),
)
_SOUND_FILTERS = (("silencedetect", "duration=0.5:noise=-50dB"), ("ebur128", "metadata=1"))
_SHORTEST_BLUR = 0.5


def measure(report: Report, path: str) -> QualityReport:
    """Measure the whole video at `path`. Raises MediaError if it cannot be decoded."""
    facts = probe(report, path, None)
    with opened(path) as container:
        origin = start_of(container)
        pictures, sounds = _Pictures(origin), _Sounds(origin)
        streams: list[VideoStream | AudioStream] = [picture_stream(container)]
        if sound := sound_stream(container):
            streams.append(sound)
        for frame in frames(container, *streams):
            if isinstance(frame, VideoFrame):
                pictures.take(frame)
                report(100 * ((frame.time or 0.0) - origin) / facts.duration, "Measuring picture and sound")
            else:
                sounds.take(frame)
    return _report(facts, pictures, sounds)


class _Pictures:
    def __init__(self, origin: float) -> None:
        self.meter: PictureMeter | None = None
        self.black, self.frozen, self.blurred = Spans(origin), Spans(origin), Spans(origin)
        self.blurs: list[float] = []
        self.frames = 0

    def take(self, frame: VideoFrame) -> None:
        self.meter = self.meter or PictureMeter(frame, _LONGEST_SIDE, _PICTURE_FILTERS)
        for reading in self.meter.measure(frame):
            self.frames += 1
            self.black.begin(reading.number("lavfi.black_start"))
            self.black.end(reading.number("lavfi.black_end"))
            self.frozen.begin(reading.number("lavfi.freezedetect.freeze_start"))
            self.frozen.end(reading.number("lavfi.freezedetect.freeze_end"))
            blur = reading.number("lavfi.blur")
            if blur is not None:
                self.blurs.append(blur)
            if blur is not None and blur > BLURRED_EDGES:
                self.blurred.begin(reading.seconds)
            else:
                self.blurred.end(reading.seconds)


class _Sounds:
    def __init__(self, origin: float) -> None:
        self.meter: SoundMeter | None = None
        self.silent = Spans(origin)
        self.loudness: Loudness | None = None
        self._damaged = False

    def take(self, frame: AudioFrame) -> None:
        if self._damaged:
            return
        try:
            self.meter = self.meter or SoundMeter(frame, _SOUND_FILTERS)
            self._read(self.meter, frame)
        except MediaError:
            self._damaged = True

    def _read(self, meter: SoundMeter, frame: AudioFrame) -> None:
        for reading in meter.measure(frame):
            self.silent.begin(reading.number("lavfi.silence_start"))
            self.silent.end(reading.number("lavfi.silence_end"))
            integrated, spread = reading.number("lavfi.r128.I"), reading.number("lavfi.r128.LRA")
            if integrated is not None and spread is not None:
                self.loudness = Loudness(integrated=round(integrated, 1), range=round(spread, 1))


def _report(facts: VideoFacts, pictures: _Pictures, sounds: _Sounds) -> QualityReport:
    if pictures.meter is None:
        raise undecodable()
    return QualityReport(
        facts=facts,
        loudness=sounds.loudness,
        silent=sounds.silent.until(facts.duration) if sounds.loudness else None,
        black=pictures.black.until(facts.duration),
        frozen=pictures.frozen.until(facts.duration),
        blurred=pictures.blurred.until(facts.duration, _SHORTEST_BLUR),
        blur=round(median(pictures.blurs), 1) if pictures.blurs else None,
        frames=pictures.frames,
        resolution=f"{pictures.meter.width}x{pictures.meter.height}",
    )
