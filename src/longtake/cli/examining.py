"""`doctor`: is everything as it should be?"""

from __future__ import annotations

import argparse
import asyncio
import sys

from longtake.cli.exits import Exit
from longtake.cli.finding import queue_of
from longtake.cli.paint import Paint, harmless, paint_for
from longtake.cli.printing import advise, print_json_readably, say
from longtake.doctor import Check, examine


def doctor(options: argparse.Namespace) -> Exit:
    """Print all checks; FAILED when something is wrong."""
    checks = asyncio.run(examine(queue_of(options)))
    wrong = sum(not check.ok for check in checks)
    if options.json:
        print_json_readably({"checks": checks})
        return Exit.FAILED if wrong else Exit.DONE
    paint = paint_for(sys.stdout)
    for check in checks:
        say(f"{_sign(check, paint)} {check.name:12} {harmless(check.detail)}")
        if check.fix:
            say(f"  {'':12} → {harmless(check.fix)}")
    advise(f"{wrong} of {len(checks)} checks found something wrong." if wrong else "All is well.")
    return Exit.FAILED if wrong else Exit.DONE


def _sign(check: Check, paint: Paint) -> str:
    if not check.ok:
        return paint("failed", "✗")
    return paint("faint", "·") if check.fix else paint("completed", "✓")
