"""What of the texts in a video a prompt is after, and the words of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from msgspec import Struct

from app.media.facts import TextReport
from app.models.timestamps import clock

_QUOTED = re.compile(r"[\"“„«»](?P<words>[^\"“”„«»]{1,200})[\"”“»«]|(?<!\w)'(?P<single>[^']{1,200})'(?!\w)")
_WORD = re.compile(r"\w+(?:[.,:]\w+)*")
_SHORTEST = 3
_ALIKE = 0.8
"""Letters that were misread must not hide a word."""
_COMMON = re.compile(
    "about|all|and|any|are|can|describe|does|each|find|for|from|give|happens|has|have|how|into|list|moments?|name|out|"
    "picture|read|said|says?|scenes?|see|seen|shown?|tell|texts?|that|the|there|these|they|this|those|through|time|"
    "video|was|were|what|when|where|which|who|why|will|with|words?|write|written|you|your"
)


class Wanted(Struct, frozen=True):
    """What a prompt is after."""

    quoted: tuple[str, ...] = ()
    """Only texts with one of these are wanted."""
    keywords: tuple[str, ...] = ()
    """Texts with these come first."""


class Sighting(Struct, frozen=True, kw_only=True):
    """A text, for as long as each look found it again."""

    text: str
    start: float
    end: float

    @property
    def when(self) -> str:
        """As the answer names it."""
        if self.start == self.end:
            return clock(self.start)
        return f"{clock(self.start)}\N{EN DASH}{clock(self.end)}"


def wanted_in(prompt: str) -> Wanted:
    """Read a prompt."""
    quoted = tuple((match["words"] or match["single"]).strip() for match in _QUOTED.finditer(prompt))
    if any(quoted):
        return Wanted(quoted=tuple(words for words in quoted if words))
    words = dict.fromkeys(word for word in _words(prompt) if len(word) >= _SHORTEST and not _COMMON.fullmatch(word))
    return Wanted(keywords=tuple(words))


def sightings(report: TextReport) -> list[Sighting]:
    """Put together what several looks in a row found."""
    found: list[Sighting] = []
    latest: dict[str, tuple[int, int]] = {}
    for seen in report.seen:
        place, look = latest.get(seen.text.casefold(), (-1, -2))
        seconds = report.looks[seen.look]
        if look >= seen.look - 1:
            found[place] = Sighting(text=found[place].text, start=found[place].start, end=seconds)
        else:
            place = len(found)
            found.append(Sighting(text=seen.text, start=seconds, end=seconds))
        latest[seen.text.casefold()] = (place, seen.look)
    return found


def describe_texts(found: Sequence[Sighting], wanted: Wanted, *, looks: int) -> str:
    """List the texts that are wanted, the best first."""
    looked = f"{looks} {'picture' if looks == 1 else 'pictures'} looked at"
    if not found:
        return f"**No text.** Nothing readable is written in the picture ({looked})."
    hits = _hits(found, wanted.quoted or wanted.keywords)
    rest = [sighting for sighting in found if sighting not in hits]
    if wanted.quoted:
        names = " or ".join(map(_as_code, wanted.quoted))
        others = f"{len(rest)} other {'text was' if len(rest) == 1 else 'texts were'} read ({looked})."
        if not hits:
            return f"**{names} is not written in the picture.** {others}"
        return "\n".join([f"**{names}: found {_times(len(hits))}.** {others}", "", *map(_line, hits)])
    title = f"**{len(found)} {'text' if len(found) == 1 else 'texts'}** ({looked})"
    if not hits:
        return "\n".join([f"{title}:", "", *map(_line, rest)])
    names = ", ".join(map(_as_code, wanted.keywords))
    first = [f"{title}, those with words of the prompt ({names}) first:", "", *map(_line, hits)]
    return "\n".join([*first, *(["", "Others:", "", *map(_line, rest)] if rest else [])])


def _hits(found: Sequence[Sighting], wanted: Sequence[str]) -> list[Sighting]:
    """Those that hold any of the wanted words; with more of them first, else in order."""
    scores = [(sum(_holds(sighting.text, words) for words in wanted), sighting) for sighting in found]
    return [sighting for score, sighting in sorted(scores, key=lambda each: -each[0]) if score]


def _holds(text: str, phrase: str) -> bool:
    words, wanted = list(_words(text)), list(_words(phrase))
    return bool(wanted) and all(get_close_matches(word, words, 1, _ALIKE) for word in wanted)


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(text.casefold()))


def _line(sighting: Sighting) -> str:
    return f"- {sighting.when}: {_as_code(sighting.text)}"


def _as_code(text: str) -> str:
    """As it stands: whatever is written in a video must not become Markdown."""
    return f"`{text.replace('`', chr(39))}`"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
