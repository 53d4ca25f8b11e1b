"""A small music box: a plucked melody over a bass, with a soft knock at each cut."""

from __future__ import annotations

from array import array
from functools import cache
from itertools import cycle, islice
from math import exp, sin, tau

from app.media.sample.film import Film

RATE = 44_100
_STEP = 0.2
_A3 = 220.0
_LOUD = 9000
_OCTAVE = 12


def soundtrack(film: Film) -> bytes:
    """Compose the sound of `film`: mono, RATE samples a second of 16 bits, in the byte order of this machine."""
    samples = bytearray()
    for scene in film.scenes:
        steps = round(scene.seconds / _STEP)
        notes = islice(cycle((*scene.chord, *reversed(scene.chord[1:-1]))), steps)
        for step, note in enumerate(notes):
            samples += _pluck(note, scene.chord[0] - _OCTAVE, knock=step == 0)
    return bytes(samples)


@cache
def _pluck(note: int, bass: int, *, knock: bool) -> bytes:
    samples = array("h")
    high, low = _hertz(note), _hertz(bass)
    for index in range(round(RATE * _STEP)):
        t = index / RATE
        attack = min(1.0, t * 400) * min(1.0, (_STEP - t) * 200)
        tone = exp(-9 * t) * (sin(tau * high * t) + 0.35 * sin(2 * tau * high * t))
        hum = 0.5 * sin(tau * low * t)
        thud = 1.2 * exp(-40 * t) * sin(tau * 90 * t) if knock else 0.0
        samples.append(round(_LOUD * attack * (tone + hum + thud)))
    return samples.tobytes()


def _hertz(semitones: int) -> float:
    return _A3 * 2 ** (semitones / _OCTAVE)
