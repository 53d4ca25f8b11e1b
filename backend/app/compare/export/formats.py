"""The kinds of file there are."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from app.compare.export.csv_file import as_csv
from app.compare.export.json_file import as_json
from app.compare.export.markdown import as_markdown
from app.compare.export.page import as_page
from app.compare.export.report import Report


class Format(StrEnum):
    """A kind of file; also the ending of its name."""

    JSON = "json"
    CSV = "csv"
    MD = "md"
    HTML = "html"


class Export(Struct, frozen=True):
    """A file."""

    name: str
    media_type: str
    text: str


_MAKE: dict[Format, tuple[str, Callable[[Report], str]]] = {
    Format.JSON: ("application/json", as_json),
    Format.CSV: ("text/csv; charset=utf-8", as_csv),
    Format.MD: ("text/markdown; charset=utf-8", as_markdown),
    Format.HTML: ("text/html; charset=utf-8", as_page),
}


def export(report: Report, wanted: Format) -> Export:
    """Make the file."""
    media_type, make = _MAKE[wanted]
    return Export(f"{report.file_stem}.{wanted}", media_type, make(report))
