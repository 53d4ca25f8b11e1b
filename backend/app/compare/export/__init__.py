"""A comparison as one file that needs nothing else: JSON, CSV, Markdown or HTML."""

from app.compare.export.formats import Export, Format, export
from app.compare.export.report import Report

__all__ = ["Export", "Format", "Report", "export"]
