"""Scenes of "Five stops"."""

from __future__ import annotations

from math import cos, pi, sin, tau

from app.media.sample.pen import HEIGHT, WIDTH, Pen

_FISH = ((0, 96, 1.0, "#ffb703"), (78, 146, 0.75, "#fb8500"), (150, 82, 0.6, "#ffd166"), (205, 190, 0.9, "#ff8fa3"))
_FLAKES = tuple(((index * 211) % 680, (index * 131) % 400, 1.0 + index % 4 * 0.55) for index in range(110))
_FIRS = ((66, 1.0), (118, 0.7), (520, 1.15), (578, 0.8))
_RECEIPT = (("TEA", "3.20"), ("SOUP", "7.80"), ("BREAD", "1.49"))


def reef(pen: Pen, seconds: float) -> None:
    """Fish swim to the left between weeds and bubbles."""
    for beam in range(4):
        top = 90 + beam * 150 + 12 * sin(seconds + beam)
        pen.shape([(top, 0), (top + 46, 0), (top - 70, HEIGHT), (top - 170, HEIGHT)], "#caf0f814")
    for x, y, size, colour in _FISH:
        _fish(pen, (470 + x - 90 * seconds, y + 7 * sin(seconds * 3 + x)), size, colour, seconds)
    for index in range(14):
        rise = (index * 61 + seconds * (46 + index % 3 * 14)) % 400
        pen.disc((70 + (index * 137) % 520 + 5 * sin(rise / 18), 370 - rise), 2.5 + index % 3 * 1.6, "#caf0f870")
    pen.ground([318 + 10 * sin(x / 3) for x in range(41)], "#023047")
    for index in range(9):
        root = 330 + index * 36
        weed = [
            (root + (14 - y) * 1.2 * sin(seconds * 2 + index + y / 3), 190 + index % 3 * 26 + y * 10) for y in range(15)
        ]
        pen.line(weed, "#06785f" if index % 2 else "#0a9373", 6)
    pen.caption("STOP 1", "THE REEF", "#e0fbfc")


def dunes(pen: Pen, seconds: float) -> None:
    """Two balloons rise over sand."""
    pen.disc((520, 92), 40, "#fff3e0")
    for offset, height, wave, colour in ((0, 236, 26, "#f4a259"), (9, 272, 20, "#dd7f3b"), (21, 290, 9, "#a9522a")):
        pen.ground([height + wave * sin(x / 7 + offset) for x in range(51)], colour)
    for x, y, size, colours in (
        (250, 232, 1.0, ("#9d174d", "#fde68a")),
        (398, 286, 0.68, ("#1d4ed8", "#f8fafc")),
    ):
        _balloon(pen, (x + 7 * sin(seconds * 1.4 + x), y - 44 * seconds), size, colours)
    pen.caption("STOP 2", "TWO BALLOONS", "#fff3e0")


def cabin(pen: Pen, seconds: float) -> None:
    """Snow falls on a cabin with a light in its window."""
    pen.ground([232 + 24 * sin(x / 9 + 2) for x in range(51)], "#8fa6c4")
    pen.ground([272 + 12 * sin(x / 8) for x in range(51)], "#eef3fa")
    for x, size in _FIRS:
        for tier in range(3):
            wide, top = (34 - tier * 8) * size, 284 - (62 + tier * 30) * size
            pen.shape([(x - wide, top + 46 * size), (x, top), (x + wide, top + 46 * size)], "#1f3a4d")
    for puff in range(5):
        age = (seconds * 0.7 + puff / 5) % 1
        pen.disc((372 + 34 * age, 172 - 74 * age), 5 + 12 * age, f"#ffffff{round(120 * (1 - age)):02x}")
    pen.box((364, 176), (16, 40), "#4a3728")
    pen.box((268, 226), (124, 62), "#7a4a2b")
    pen.shape([(252, 230), (330, 176), (408, 230)], "#f8fbff")
    pen.shape([(276, 230), (330, 194), (384, 230)], "#5d3820")
    pen.disc((360, 256), 34, "#ffd16640")
    pen.box((346, 244), (28, 24), "#ffd166" if sin(seconds * 5) > 0 else "#ffcb4f", 2)
    pen.box((290, 246), (26, 42), "#3b2416", 2)
    for x, y, size in _FLAKES:
        fall = (y + seconds * (34 + 22 * size)) % 400 - 20
        pen.disc(((x + 12 * sin(seconds + y)) % 680 - 20, fall), size, "#ffffffd8")
    pen.caption("STOP 3", "SNOWED IN", "#1f3a4d")


def receipt(pen: Pen, seconds: float) -> None:
    """A receipt comes out of its slot, line by line."""
    out = min(1.0, seconds / 1.1)
    top = 300 - 244 * out
    pen.box((216, top + 6), (220, 300), "#3b2a6638", 4)
    pen.box((210, top), (220, 300), "#ffffff", 4)
    pen.text((320, top + 30), "STATION CAFE", 18, "#2e1f5e", "mm")
    pen.line([(232, top + 52), (408, top + 52)], "#b8a9e0", 1.2)
    for row, (what, price) in enumerate(_RECEIPT):
        pen.text((232, top + 82 + row * 30), what, 16, "#4b3b80")
        pen.text((408, top + 82 + row * 30), price, 16, "#4b3b80", "rs")
    pen.line([(232, top + 162), (408, top + 162)], "#b8a9e0", 1.2)
    pen.text((232, top + 196), "TOTAL", 22, "#2e1f5e")
    pen.text((408, top + 196), "12.49", 22, "#2e1f5e", "rs")
    pen.box((0, 284), (WIDTH, 76), "#7c5cc4")
    pen.box((196, 280), (248, 9), "#4b3591", 4)
    pen.caption("STOP 4", "THE BILL", "#ffffff")


def home(pen: Pen, seconds: float) -> None:
    """Rays turn slowly around the end title."""
    middle = (WIDTH / 2, 168.0)
    for ray in range(12):
        angle = ray * tau / 12 + seconds * 0.18
        ends = [(middle[0] + 480 * cos(angle + side), middle[1] + 480 * sin(angle + side)) for side in (0, pi / 12)]
        pen.shape([middle, *ends], "#ef476f")
    swell = 1 + 0.02 * sin(seconds * 4)
    pen.disc(middle, 108 * swell, "#fff8e7")
    pen.disc(middle, 98 * swell, "#073b4c")
    pen.text((middle[0], 156), "HOME", 46, "#fff8e7", "mm")
    pen.text((middle[0], 196), "the end", 19, "#ffd166", "mm")


def _fish(pen: Pen, at: tuple[float, float], size: float, colour: str, seconds: float) -> None:
    x, y = at
    tail = 9 * size * sin(seconds * 11 + x / 40)
    pen.shape(
        [(x + 22 * size, y), (x + 46 * size, y - 16 * size + tail), (x + 46 * size, y + 16 * size + tail)], colour
    )
    pen.disc(at, 17 * size, colour, 1.75)
    pen.disc((x - 17 * size, y - 4 * size), 3.6 * size, "#ffffff")
    pen.disc((x - 18 * size, y - 4 * size), 1.9 * size, "#023047")


def _balloon(pen: Pen, at: tuple[float, float], size: float, colours: tuple[str, str]) -> None:
    x, y = at
    pen.line([(x - 26 * size, y + 30 * size), (x - 8 * size, y + 66 * size)], "#5b3716", 1.4)
    pen.line([(x + 26 * size, y + 30 * size), (x + 8 * size, y + 66 * size)], "#5b3716", 1.4)
    pen.shape([(x - 39 * size, y + 16 * size), (x + 39 * size, y + 16 * size), (x, y + 58 * size)], colours[0])
    for stripe, width in enumerate((1.0, 0.62, 0.22)):
        pen.disc(at, 44 * size, colours[stripe % 2], width)
    pen.box((x - 10 * size, y + 64 * size), (20 * size, 15 * size), "#5b3716", 3 * size)
