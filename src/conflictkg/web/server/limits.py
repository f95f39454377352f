"""What a worker process may take and do: memory, CPU, files, system calls; where Linux, in full.

A process also tells here what it is called. Off Linux there is no system call filter, no signal at
the parent's death and no adoption of orphans; memory and CPU are still limited as far as the
platform heeds ``setrlimit``.
"""

from __future__ import annotations

import ctypes
import gc
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

MIB = 1024 * 1024
LINUX = sys.platform == "linux"

_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_SECCOMP = 1, 15, 22
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_SECCOMP_MODE_FILTER = 2
_RETURN_ALLOW, _RETURN_EPERM = 0x7FFF0000, 0x00050001
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_ABOVE, _RETURN = 0x20, 0x15, 0x25, 0x06

_NETWORK = ("socket", "connect")
_MACHINES: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "accept": 43,
            "bind": 49,
            "listen": 50,
            "execve": 59,
            "kill": 62,
            "ptrace": 101,
            "accept4": 288,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "execveat": 322,
            "io_uring_setup": 425,
            "pidfd_getfd": 438,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "ptrace": 117,
            "kill": 129,
            "socket": 198,
            "bind": 200,
            "listen": 201,
            "accept": 202,
            "connect": 203,
            "execve": 221,
            "accept4": 242,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "execveat": 281,
            "io_uring_setup": 425,
            "pidfd_getfd": 438,
        },
    ),
}
"""Machine -> its audit number and the system calls that are refused, by number (Linux headers)."""


def adopt_orphans() -> None:
    """Make this process the one that inherits the descendants whose parents have ended (Linux)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with(parent: int) -> None:
    """End this process when its parent ends, also if that is killed; at once if it already has."""
    if LINUX:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def be_called(role: str) -> None:
    """Show an operator what this process does: ``ps -o comm`` and ``top`` name it (Linux)."""
    if LINUX:
        name = ctypes.create_string_buffer(f"ckg-{role}".encode()[:15])
        _prctl(_PR_SET_NAME, ctypes.addressof(name))


def be_first_to_go() -> None:
    """Let the kernel, short of memory, end this process rather than the one that holds the graph.

    It leaves no core file either.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if LINUX:
        Path("/proc/self/oom_score_adj").write_text("700", "ascii")


def forbid_files() -> None:
    """Forbid, for good, that files grow."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def forbid_calls(*, network: bool) -> bool:
    """Refuse, for good, system calls that handlers never need; return whether that worked.

    Refused are new sockets and connections (unless ``network``), servers, other programs, and
    reaching into or signalling other processes. Forks inherit the filter.
    """
    machine = _MACHINES.get(platform.machine()) if LINUX else None
    if machine is None:
        return False
    audit, calls = machine
    refused = [number for name, number in calls.items() if not (network and name in _NETWORK)]
    program = _program(audit, refused)
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    header = ctypes.create_string_buffer(head, len(head))
    if not _prctl(_PR_SET_NO_NEW_PRIVS, 1):
        return False
    return _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))


def _program(audit: int, refused: list[int]) -> bytes:
    """Return the filter as classic BPF: refuse some numbers and foreign calling conventions."""
    count = len(refused)
    lines = [
        (_LOAD, 0, 0, 4),
        (_JUMP_IF_EQUAL, 0, count + 3, audit),
        (_LOAD, 0, 0, 0),
        (_JUMP_IF_ABOVE, count + 1, 0, 0x3FFFFFFF),
        *((_JUMP_IF_EQUAL, count - at, 0, number) for at, number in enumerate(refused)),
        (_RETURN, 0, 0, _RETURN_ALLOW),
        (_RETURN, 0, 0, _RETURN_EPERM),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def limit_memory(mib: int) -> None:
    """Limit what this process may map from now on, in MiB on top of what it has; 0 lifts it."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = mapped() + mib * MIB if mib else hard
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if LINUX or mib == 0:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def limit_cpu(seconds: float) -> None:
    """End this process (SIGXCPU) when it has used so much more CPU time from now."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(spent.ru_utime + spent.ru_stime + seconds) + 2
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))


def mapped() -> int:
    """Return the bytes of address space that this process has mapped (0 off Linux)."""
    if not LINUX:
        return 0
    with Path("/proc/self/statm").open("rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def settle() -> None:
    """Collect garbage and set what is left aside, so that forks share the pages it lies on."""
    gc.collect()
    gc.freeze()


def _prctl(option: int, argument: int, more: int = 0) -> bool:
    if not LINUX:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    long = ctypes.c_ulong
    done: int = libc.prctl(option, long(argument), long(more), long(0), long(0))
    return done == 0
