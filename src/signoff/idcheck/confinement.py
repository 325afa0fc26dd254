"""What a process can still ask of Linux once it reads a stranger's picture: to compute, and to answer.

The limits of `child.limit` keep it from opening anything. But a file is deleted, renamed or made
readable, and another process of the same user is ended, without opening. So a filter of system
calls (seccomp, in Linux since 3.5) lets through only those of the list; all others fail.
"""

import ctypes
import platform
import struct
import sys

_ALLOWED = {
    # name: x86-64, aarch64
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214),
    "mremap": (25, 216), "madvise": (28, 233),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "futex": (202, 98),
    "clock_gettime": (228, 113), "clock_nanosleep": (230, 115), "nanosleep": (35, 101),
    "getpid": (39, 172), "gettid": (186, 178), "getrandom": (318, 278), "getcpu": (309, 168),
    "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of the table, and how the kernel calls the architecture (linux/audit.h)."""

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IS, _RETURN = 0x20, 0x15, 0x06
_LET, _REFUSE = 0x7FFF0000, 0x00050000 | 1
"""To refuse is to answer EPERM: libraries take that for a no, where a kill would lose the reason."""
_NUMBER, _ARCHITECTURE = 0, 4
"""Where both stand in what the filter is shown."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def confine() -> bool:
    """For good, this process and all it might start. False where there is no such filter: on another
    system or processor, or in a container that forbids it. The limits then remain."""
    machine = _MACHINES.get(platform.machine())
    if not sys.platform.startswith("linux") or machine is None:
        return False
    code = _code(*machine)
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(held))
    control = ctypes.CDLL(None, use_errno=True).prctl
    if control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(control(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _code(column: int, architecture: int) -> bytes:
    """Instructions of the Berkeley packet filter: operation, jumps if true and if false, value."""
    numbers = [both[column] for both in _ALLOWED.values()]
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_IS, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE)]
    steps.append((_LOAD, 0, 0, _NUMBER))
    steps += [(_IS, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _LET)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
