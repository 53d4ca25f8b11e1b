"""Give up what a decoder does not need, before it sees a single byte of somebody else's file."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading

from app.media.limits import Limits

_CLONE_NEWUSER = 0x1000_0000
_CLONE_NEWNET = 0x4000_0000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def confine(limits: Limits) -> None:
    """Set the limits and leave the network. Cannot be undone; call it while there is one thread only."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    # A second more for SIGXCPU to end us before SIGKILL does: so the parent can tell why.
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, grace=1)
    if sys.platform != "darwin":  # where a process starts out with more address space than any sensible limit
        _lower(resource.RLIMIT_AS, limits.memory)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # Alone it needs a privilege; with a user namespace of our own it needs none, but many containers forbid it.
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def die_with(parent: int) -> None:
    """End this process group as soon as `parent` has ended, which closes its end of our stdin."""
    if sys.platform == "linux":
        # After confine(): a change of user namespace clears this setting.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    threading.Thread(target=_wait_for_end_of_stdin, daemon=True).start()
    if os.getppid() != parent:
        _end()


def _lower(what: int, most: int, grace: int = 0) -> None:
    _, hard = resource.getrlimit(what)
    ceiling = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(what, (min(most, ceiling), ceiling))


def _wait_for_end_of_stdin() -> None:
    while os.read(0, 4096):
        pass
    _end()


def _end() -> None:
    os.killpg(0, signal.SIGKILL)
