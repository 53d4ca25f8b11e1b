"""A process that forks workers: each is born with everything imported, in milliseconds.

`python -m benchmarks.torture.nursery` forks a worker for each line that it reads, and answers with the worker's pid.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

from benchmarks.torture import handlers
from longtake import cli


def main() -> None:
    """Fork at each line; end with the input. A fork is harmless here: this process has one thread and holds nothing."""
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    for _ in sys.stdin.buffer:
        pid = os.fork()
        if pid == 0:
            _work()
        sys.stdout.buffer.write(b"%d\n" % pid)
        sys.stdout.buffer.flush()


def _work() -> None:
    """As `longtake work` in a new interpreter, up to its end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        code = cli.main(["work", handlers.TARGET])
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
