"""`python3 dev bench [NAME…]`: measure, and print a table."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.measures import MEASURES


def main(names: list[str]) -> int:
    """Run the measures of these names, or all."""
    known = {measure.__name__: measure for measure in MEASURES}
    if unknown := sorted(set(names) - known.keys()):
        print(f"There is no measure {unknown[0]!r}. Known: {', '.join(known)}.")
        return 2
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}, {os.cpu_count()} processors\n"
    )
    print("| measure | longtake |\n|---|---|")
    for name in names or known:
        with tempfile.TemporaryDirectory(prefix="longtake-bench-") as folder:
            for what, figure in asyncio.run(known[name](Path(folder) / "jobs")).items():
                print(f"| {what} | {figure:,.3g} |" if figure < 1000 else f"| {what} | {figure:,.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
