"""What `doctor` does."""

from __future__ import annotations

import asyncio

import msgspec
from rich.text import Text

from app.cli.exits import Exit
from app.cli.printing import advise, out, print_json
from app.doctor import examine
from app.jobs import job_queue, settings, videos


def report(*, as_json: bool) -> Exit:
    """Print all checks; FAILED when something is wrong."""
    checks = asyncio.run(examine(settings, job_queue, videos))
    wrong = sum(not check.ok for check in checks)
    if as_json:
        print_json({"checks": msgspec.to_builtins(checks)})
        return Exit.FAILED if wrong else Exit.DONE
    for check in checks:
        sign = Text("✓" if check.ok else "✗", style="green" if check.ok else "red")
        out.print(Text.assemble(sign, f" {check.name:14} {check.detail}"), highlight=False)
        if check.fix:
            out.print(Text(f"  {'':14} → {check.fix}"), highlight=False)
    advise(f"{wrong} of {len(checks)} checks found something wrong." if wrong else "All is well.")
    return Exit.FAILED if wrong else Exit.DONE
