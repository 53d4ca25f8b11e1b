"""Scenes of "A day by the sea"."""

from __future__ import annotations

from math import cos, pi, sin

from app.media.sample.pen import HEIGHT, WIDTH, Pen

_BIRDS = ((0, 96, 1.0), (46, 112, 0.8), (88, 84, 0.7))
_STARS = tuple(((index * 197) % 640, (index * 89) % 190, 0.6 + (index * 7 % 5) / 4) for index in range(70))
_BOUNCE = 0.8
_BOUNCES = 3


def first_light(pen: Pen, seconds: float) -> None:
    """The sun comes up behind hills, birds pass."""
    sun = (430.0, 232 - 26 * seconds)
    for radius, veil in ((120, "#ffd9a01c"), (86, "#ffd9a030"), (60, "#ffe2b050")):
        pen.disc(sun, radius, veil)
    pen.disc(sun, 40, "#fff1cf")
    for speed, height, wave, colour in ((6, 236, 20, "#b5647a"), (12, 262, 16, "#7b4570"), (22, 292, 12, "#3c2a54")):
        drift = speed * seconds
        pen.ground([height + wave * sin((x * 13.0 + drift) / 70 + height) for x in range(51)], colour)
    flap = sin(seconds * 9)
    for x, y, size in _BIRDS:
        left = 90 + x + 48 * seconds
        wing = size * (5 + 5 * flap)
        pen.line([(left - 11 * size, y - wing), (left, y), (left + 11 * size, y - wing)], "#3c2a54", 2 * size)
    pen.caption("06:10", "FIRST LIGHT", "#fff1cf")


def bridge(pen: Pen) -> None:
    """A town behind a bridge: the backdrop of the tram."""
    for index in range(13):
        tall = 74 + (index * 53) % 96
        pen.box((index * 52 - 10, 232 - tall), (44, tall), "#2a9d8f" if index % 2 else "#21867a")
        for window in range(int(tall // 24)):
            pen.box((index * 52 - 1, 244 - tall + window * 24), (8, 10), "#e9f5db")
            pen.box((index * 52 + 16, 244 - tall + window * 24), (8, 10), "#e9f5db")
    pen.box((0, 228), (WIDTH, HEIGHT - 228), "#264653")
    for index in range(5):
        pen.disc((64 + index * 128, 292), 46, "#1d3742")
        pen.box((18 + index * 128, 292), (92, 70), "#1d3742")
    pen.box((0, 226), (WIDTH, 4), "#f4f1de")


def tram(pen: Pen, seconds: float) -> None:
    """A tram crosses the bridge."""
    left = -300 + 300 * seconds
    pen.line([(0, 138), (WIDTH, 138)], "#264653", 1.2)
    pen.line([(left + 120, 164), (left + 140, 138), (left + 160, 164)], "#264653", 2.4)
    for car in (0, 146):
        pen.box((left + car, 164), (138, 54), "#e76f51", 9)
        pen.box((left + car, 196), (138, 8), "#f4f1de")
        for window in range(4):
            pen.box((left + car + 11 + window * 31, 173), (23, 18), "#fdf6e3", 3)
        for wheel in (26, 112):
            pen.disc((left + car + wheel, 219), 9, "#1d2f38")
            pen.disc((left + car + wheel, 219), 3.5, "#f4f1de")
    pen.text((left + 246, 213), "7", 13, "#f4f1de")
    pen.caption("08:24", "TRAM LINE 7", "#f4f1de")


def bounces(pen: Pen, seconds: float) -> None:
    """A ball bounces three times, and is counted."""
    hop = min(seconds / _BOUNCE, float(_BOUNCES))
    phase = hop % 1 if hop < _BOUNCES else 0.0
    up = 4 * phase * (1 - phase)
    x = 120 + 126 * hop
    squash = 1 + 0.2 * max(0.0, 1 - up * 7)
    height, width = 30 / squash, 30 * squash
    y = 262 - height - 150 * up
    pen.disc((x, 264), 15, f"#1f4e4a{round(90 - 60 * up):02x}", 2.6 - up)
    pen.disc((x, y), height, "#ef6351", width / height)
    pen.disc((x - 0.3 * width, y - 0.36 * height), 7, "#f9a59a")
    for number in range(1, _BOUNCES + 1):
        counted = hop >= number
        place = (478 + number * 40.0, 66.0)
        pen.disc(place, 16, "#1f4e4a" if counted else "#1f4e4a24")
        pen.text(place, str(number), 17, "#d8f3e6" if counted else "#1f4e4a", "mm")
    pen.caption("12:00", "THREE BOUNCES", "#1f4e4a")


def night(pen: Pen, seconds: float) -> None:
    """A lighthouse turns its beam under the moon."""
    for index, (x, y, size) in enumerate(_STARS):
        bright = round(130 + 110 * sin(seconds * 2.2 + index))
        pen.disc((x, y), size, f"#ffffff{bright:02x}")
    pen.disc((276, 84), 34, "#f7edd0")
    pen.disc((290, 76), 30, "#131b3a")
    swing = 0.16 * sin(seconds * 1.7)
    for direction in (pi + swing, -swing):
        ends = [(486 + 620 * cos(direction + side), 132 + 620 * sin(direction + side)) for side in (-0.07, 0.07)]
        pen.shape([(486, 132), *ends], "#ffe9a83c")
    pen.box((0, 252), (WIDTH, HEIGHT - 252), "#0d1330")
    for index in range(12):
        width = 22 + 16 * sin(seconds * 2 + index * 1.3)
        pen.box((276 - width + 5 * sin(index), 260 + index * 6), (2 * width, 1.8), "#f7edd060", 1)
    pen.shape([(420, 262), (452, 236), (526, 232), (572, 262)], "#050816")
    pen.shape([(474, 240), (479, 144), (493, 144), (498, 240)], "#f4f1de")
    for stripe in (164, 196):
        inset = (240 - stripe) * 0.052
        pen.box((474 + inset, stripe), (24 - 2 * inset, 14), "#e76f51")
    pen.box((477, 124), (18, 18), "#ffe9a8", 3)
    pen.shape([(473, 124), (486, 112), (499, 124)], "#e76f51")
    pen.caption("22:45", "GOOD NIGHT", "#f7edd0")
