"""The filter of system calls, for both machines, and what a worker may read."""

from __future__ import annotations

import errno
import struct
import sys
from pathlib import Path

import pytest
from support import ROOT

from autograder.sandbox import seccomp, syscalls
from autograder.sandbox.isolation import linked, readable

PID = 4321
MACHINES = list(syscalls.MACHINES)


def verdict(machine, call, *arguments, arch=None):
    """What the filter says about a call, by running it as the kernel does; a number or the name of a call."""
    tables = (syscalls.ALLOWED, syscalls.BY_ARGUMENT, syscalls.PRETENDED, syscalls.ATTRIBUTES, syscalls.REFUSED)
    known = {name: number for table in tables for name, number in syscalls.numbers(table, machine).items()}
    number = known[call] if isinstance(call, str) else call
    words = [number, arch or seccomp.AUDIT_ARCH[machine], 0, 0]
    for value in (*arguments, *[0] * (6 - len(arguments))):
        words += [value & 0xFFFFFFFF, value >> 32]
    code = seccomp.program(machine, PID)
    steps = [struct.unpack_from("<HBBI", code, 8 * i) for i in range(len(code) // 8)]
    at = accumulator = 0
    while True:
        kind, yes, no, value = steps[at]
        at += 1
        match kind:
            case seccomp.LOAD:
                accumulator = words[value // 4]
            case seccomp.AND:
                accumulator &= value
            case seccomp.RETURN:
                return {seccomp.ALLOW: "allowed", seccomp.KILL: "killed"}.get(value) or errno.errorcode.get(
                    value & 0xFFFF, "pretended"
                )
            case seccomp.JUMP_EQUAL:
                at += yes if accumulator == value else no
            case seccomp.JUMP_AT_LEAST:
                at += yes if accumulator >= value else no
            case seccomp.JUMP_ANY_BIT:
                at += yes if accumulator & value else no


THREAD, FORK, NEWUSER = 0x003D0F00, 17, 0x10000000  # the flags that glibc gives clone
CALLS = {
    "reading": (("read", 0), "allowed"),
    "a program": (("execve",), "EPERM"),
    "a socket": (("socket", 2, 1), "EPERM"),
    "a thread": (("clone", THREAD), "allowed"),
    "a process": (("clone", FORK), "EPERM"),
    "a thread in a namespace": (("clone", THREAD | NEWUSER), "EPERM"),
    "clone3, whose flags cannot be read": ((435,), "ENOSYS"),
    "a call of the future": ((9999,), "ENOSYS"),
    "killing itself": (("kill", PID, 9), "allowed"),
    "killing another": (("kill", 1, 9), "EPERM"),
    "killing everyone": (("kill", 2**32 - 1, 9), "EPERM"),
    "its own limits": (("prlimit64", 0, 7), "allowed"),
    "another's limits": (("prlimit64", 1, 7), "EPERM"),
    "a copy of a descriptor": (("fcntl", 3, 1030), "allowed"),
    "signals by F_SETOWN": (("fcntl", 3, 8, 1), "EPERM"),
    "the name of a thread": (("prctl", 15), "allowed"),
    "living on without its parent": (("prctl", 1, 0), "EPERM"),
    "typing into a terminal": (("ioctl", 0, 0x5412), "EPERM"),
    "asking for a terminal": (("ioctl", 0, 0x5401), "allowed"),
    "opening to read": (("openat", 0, 0, 0), "allowed"),
    "opening to write anew": (("openat", 0, 0, 0o1001), "allowed"),
    "emptying while reading": (("openat", 0, 0, 0o1000), "EPERM"),
    "a stream to itself": (("socketpair", 1, 0o2000001), "allowed"),
    "a datagram socket": (("socketpair", 1, 2), "EPERM"),
    "a change of mode": (("fchmodat", 0), "pretended"),
    "an extended attribute": (("listxattr", 0), "ENOTSUP"),
    "another process's memory": (("process_vm_readv", PID), "EPERM"),
}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("call, expected", CALLS.values(), ids=CALLS)
def test_each_call_is_decided_as_it_should(machine, call, expected):
    """The same calls are allowed, refused, unknown or pretended on x86-64 and on aarch64."""
    assert verdict(machine, *call) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_another_machine_word_ends_the_process(machine):
    """int 0x80 on x86-64, whose numbers mean other calls, is not even looked at."""
    assert verdict(machine, "read", arch=0x40000003) == "killed"


def test_x32_calls_are_unknown():
    """The numbers with the x32 bit share the machine word of x86-64."""
    assert verdict("x86_64", seccomp.X32 | 1) == "ENOSYS"


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_stands_in_two_tables(machine):
    """What is decided about a call is decided once."""
    tables = (syscalls.ALLOWED, syscalls.BY_ARGUMENT, syscalls.PRETENDED, syscalls.ATTRIBUTES, syscalls.REFUSED)
    found = [number for table in tables for number in syscalls.numbers(table, machine).values()]
    assert len(found) == len(set(found))


X86_HEADERS = ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h")


@pytest.mark.skipif(not Path("/usr/include/asm-generic/unistd.h").is_file(), reason="the kernel's headers are not installed")
def test_the_numbers_are_the_kernels():
    """Every number is the one in the kernel's own headers."""
    import re

    headers = {
        # Newer systems have the headers of other machines beside these.
        "x86_64": [path for path in map(Path, X86_HEADERS) if path.is_file()],
        "aarch64": [Path("/usr/include/asm-generic/unistd.h")],
    }
    for machine, paths in headers.items():
        if not paths:
            continue
        kernel = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", paths[0].read_text())}
        for table in (syscalls.ALLOWED, syscalls.BY_ARGUMENT, syscalls.PRETENDED, syscalls.ATTRIBUTES, syscalls.REFUSED):
            for name, number in syscalls.numbers(table, machine).items():
                own = {"newfstatat": "fstatat"}.get(name, name) if machine == "aarch64" else name
                assert kernel.get(own, number) == number, (machine, name)


def test_a_worker_may_read_python_and_nothing_of_a_course():
    """The folders of the interpreter and of the packages; never the project, whatever is on `sys.path`."""
    places = [Path(place) for place in readable()]
    assert any(Path(sys.modules["numpy"].__file__).is_relative_to(place) for place in places)
    for private in (ROOT / "solutions", ROOT / "assignments", Path.home(), Path("/etc/passwd"), Path("/tmp")):  # noqa: S108
        assert not [place for place in places if private.is_relative_to(place)], private


def test_packages_that_are_links_can_be_read(tmp_path):
    """A package's own folder in a cache, also of a namespace and of a single module; nothing for a link to something else."""
    cache, packages, course = tmp_path / "cache", tmp_path / "site-packages", tmp_path / "course"
    for path in ("one/array", "one/array/core", "two/google/proto", "three/array.libs"):
        (cache / path).mkdir(parents=True)
    for path in (
        "one/array/__init__.py",
        "one/array/core/deep.py",
        "two/google/proto/wire.py",
        "three/array.libs/a.so",
        "four.py",
    ):
        (cache / path).write_text("")
    course.mkdir()
    (course / "solution.py").write_text("")
    for path in ("array/core", "google/proto", "array.libs", "borrowed", "plain"):
        (packages / path).mkdir(parents=True)
    (packages / "plain/__init__.py").write_text("")
    for path in (
        "one/array/__init__.py",
        "one/array/core/deep.py",
        "two/google/proto/wire.py",
        "three/array.libs/a.so",
        "four.py",
    ):
        (packages / path.split("/", 1)[-1]).symlink_to(cache / path)
    (packages / "borrowed/solution.py").symlink_to(course / "solution.py")
    (packages / "renamed").symlink_to(course)
    expected = {cache / "one/array", cache / "two/google/proto", cache / "three/array.libs", cache / "four.py"}
    assert set(linked(str(packages))) == set(map(str, expected))
