"""`python -m app.openapi` prints the OpenAPI document: no server is started, no folder is made."""

from __future__ import annotations

import json
import sys
from typing import Any, cast

from fastapi import FastAPI

from app.main import create_app


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document of the whole API."""
    return cast("FastAPI", create_app().app).openapi()


def main() -> None:
    """Print it."""
    json.dump(openapi_document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
