"""Background jobs as JSON files on disk."""

__version__ = "0.1.0"
