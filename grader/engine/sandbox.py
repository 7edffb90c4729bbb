"""The walls around a student's code: bubblewrap around everything, and a second wall around each process within.

The outer wall shows a process the system, the environment and the course's public code, all read-only, and no network.
It cannot be put around a fork, so a fork server stands inside it; each of its children puts the second wall around
itself with :func:`confine`: namespaces of its own, limits, no capabilities, a filter on system calls.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import CourseError

HOME = "/student"  # a confined process's own folder; nothing of the machine may lie there
NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
DEATH_SIGNAL, DROP_BOUND, NO_NEW_PRIVILEGES = 1, 24, 38  # prctl
SNDBUF, RCVBUF = 7, 8  # setsockopt
ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # what a seccomp rule does
# System calls that no week needs and that have been, or could be, ways out.
DENIED = """
unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsmount fsconfig fspick mount_setattr
ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp bpf perf_event_open userfaultfd
io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key personality vmsplice
memfd_create memfd_secret shmget msgget semget
kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct quotactl
open_by_handle_at name_to_handle_at lookup_dcookie
""".split()  # noqa: SIM905 (a list of fifty quoted names is no easier to read)
SYSTEM_FILES = (
    *("/etc/ld.so.cache", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/localtime", "/etc/fonts"),
    *("/etc/ssl", "/etc/mime.types"),
)

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Limits:
    """Limits of one confined process and its children; sizes in MiB, times in seconds.

    ``together`` and ``processes`` are for all of them together (see :mod:`grader.engine.usage`), the others for each.
    """

    memory: int = 4_096
    together: int = 5_120
    cpu: int = 600
    processes: int = 256
    file: int = 256
    disk: int = 512
    files: int = 100_000
    open_files: int = 1_024

    def resources(self) -> dict[int, tuple[int, int]]:
        """Return the limits as setrlimit knows them.

        At the end of its time a process gets a signal of its own: SIGKILL would look as if it came from outside.
        """
        mib = 1 << 20
        limits = {
            resource.RLIMIT_DATA: self.memory * mib,
            resource.RLIMIT_CPU: self.cpu,
            resource.RLIMIT_NPROC: self.processes,
            resource.RLIMIT_FSIZE: self.file * mib,
            resource.RLIMIT_NOFILE: self.open_files,
            resource.RLIMIT_CORE: 0,
        }
        return {kind: (most, most + 10 * (kind == resource.RLIMIT_CPU)) for kind, most in limits.items()}


@dataclass(frozen=True)
class Outer:
    """The outer wall: the folders that are seen in it, and the environment."""

    readable: list[Path]
    writable: list[Path] = field(default_factory=list)
    environment: Mapping[str, str] = field(default_factory=dict)

    def command(self, program: list[str]) -> list[str]:
        """Return the command line that runs ``program`` inside."""
        flags = ["--unshare-user", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--unshare-cgroup-try"]
        flags += ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"]
        flags += ["--ro-bind", "/usr", "/usr", *_system_links(), "--dev", "/dev", "--bind", "/proc", "/proc"]
        flags += [
            "--ro-bind-try",
            "/sys/devices/system/cpu",
            "/sys/devices/system/cpu",
            "--tmpfs",
            "/tmp",
            "--dir",
            HOME,
        ]
        for file in SYSTEM_FILES:
            flags += ["--ro-bind-try", file, file]
        for folder in self.readable:
            flags += ["--ro-bind", str(folder), str(folder)]
        for folder in self.writable:
            flags += ["--bind", str(folder), str(folder)]
        for name, value in self.environment.items():
            flags += ["--setenv", name, value]
        return ["bwrap", *flags, "--remount-ro", "/", "--chdir", "/", "--", *program]


def _system_links() -> list[str]:
    flags = []
    for name in ("/bin", "/sbin", "/lib", "/lib64", "/lib32"):
        path = Path(name)
        if path.is_symlink():
            flags += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            flags += ["--ro-bind", name, name]
    return flags


def require_sandbox() -> None:
    """Refuse to go on where this machine cannot wall off a student's code.

    Raises
    ------
    CourseError
        with what is missing and what to do
    """
    otherwise = "Grade on another machine, or, only for code that you trust, `course grade --sandbox none`."
    if not shutil.which("bwrap"):
        raise CourseError(
            "Student code cannot be walled off: bubblewrap (bwrap) is missing.",
            f"Run `sudo apt-get install bubblewrap`. {otherwise}",
        )
    trial = Outer([Path(sys.base_prefix)]).command(["/bin/true"])
    done = subprocess.run(trial, capture_output=True, text=True, check=False)  # noqa: S603 (our own command line)
    if done.returncode:
        problem = f"Student code cannot be walled off: bubblewrap fails here: {done.stderr.strip()[:300]}"
        raise CourseError(
            problem,
            f"User namespaces may be forbidden (sysctl kernel.unprivileged_userns_clone, AppArmor). {otherwise}",
        )
    if _seccomp_library() is None:
        raise CourseError(
            "Student code cannot be walled off: libseccomp is missing.",
            f"Run `sudo apt-get install libseccomp2`. {otherwise}",
        )


# --- the second wall, put up by a forked process around itself ---


def enter_namespaces() -> None:
    """Give the calling process namespaces of its own; its next child is process 1 of the new process namespace."""
    user, group = os.getuid(), os.getgid()
    _call(_libc.unshare, NEWUSER | NEWNS | NEWPID | NEWIPC | NEWUTS | NEWNET)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def private_tree(kept: list[Path], limits: Limits) -> None:
    """Give process 1 its own /proc, an empty HOME and an empty /tmp.

    Parameters
    ----------
    kept
        folders that stay in their places although they are below /tmp: of all jobs' folders its own, and what
        student code may read where the course or its environment happens to be there
    """
    _mount("none", "/", None, REC | PRIVATE)
    _mount("proc", "/proc", "proc", READ_ONLY | NOSUID | NODEV | NOEXEC)  # /proc/sys is the whole machine's
    _mount("tmpfs", HOME, "tmpfs", NOSUID | NODEV, f"size={limits.disk}m,nr_inodes={limits.files},mode=700")
    aside = {Path(HOME, f".kept{number}"): folder for number, folder in enumerate(kept)}
    for place, folder in aside.items():
        place.mkdir()
        _mount(str(folder), str(place), None, BIND | REC)
    _mount("tmpfs", "/tmp", "tmpfs", NOSUID | NODEV, f"size={limits.disk}m,nr_inodes={limits.files},mode=1777")
    for place, folder in aside.items():
        folder.mkdir(parents=True)
        _mount(str(place), str(folder), None, BIND | REC)
        _call(_libc.umount2, str(place).encode(), 2)
        place.rmdir()
    _mount("tmpfs", "/dev/shm", "tmpfs", NOSUID | NODEV | NOEXEC, "size=256m,mode=1777")
    _mount("devpts", "/dev/pts", "devpts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    seal(Path("/dev"))  # one folder for all: a file in it would be seen by the next submission
    _loopback_up()


def seal(folder: Path) -> None:
    """Forbid writing to a mounted folder from now on, in the namespace of the calling process."""
    _mount("none", str(folder), None, REMOUNT | BIND | READ_ONLY | NOSUID | NODEV)


def withhold(folder: Path) -> None:
    """Cover a folder with an empty one, in the namespace of the calling process."""
    _mount("tmpfs", str(folder), "tmpfs", READ_ONLY | NOSUID | NODEV | NOEXEC, "size=4k,mode=755")


def confine(limits: Limits) -> None:
    """Take from the calling process what it could do harm with, for good.

    Raises
    ------
    OSError
        when any wall cannot be put up: the caller must not go on
    """
    for kind, both in limits.resources().items():
        resource.setrlimit(kind, both)
    for capability in range(64):
        _libc.prctl(DROP_BOUND, capability, 0, 0, 0)
    _call(_libc.prctl, NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _call(_libc.capset, struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6))
    _call(_libc.prctl, DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)  # after the capabilities: changing them clears it
    _filter_system_calls()


def _filter_system_calls() -> None:
    """Refuse DENIED, and new namespaces by clone; clone3 hides its flags from filters, so it does not exist here."""
    library = _seccomp_library()
    if library is None:
        raise OSError(errno.ENOSYS, "libseccomp is missing")
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))

    def number(name: str) -> int:
        return library.seccomp_syscall_resolve_name(name.encode())

    def refuse(name: str, error: int, *conditions: _Condition) -> None:
        array = (_Condition * len(conditions))(*conditions)
        _zero(
            library.seccomp_rule_add_array(rules, ctypes.c_uint32(REFUSE | error), number(name), len(conditions), array)
        )

    for name in DENIED:
        if number(name) >= 0:
            refuse(name, errno.EPERM)
    refuse("clone3", errno.ENOSYS)
    for flag in (NEWUSER, NEWNS, NEWPID, NEWNET, NEWIPC, NEWUTS):
        refuse("clone", errno.EPERM, _Condition(0, 7, flag, flag))  # 7: masked equal
    for option in (SNDBUF, RCVBUF):  # no error, and no larger buffer: its memory is the system's, and nobody's process
        refuse("setsockopt", 0, _Condition(1, 4, socket.SOL_SOCKET), _Condition(2, 4, option))  # 4: equal
    _zero(library.seccomp_load(rules))
    library.seccomp_release(rules)


class _Condition(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operation", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def _seccomp_library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError:
        return None


def _zero(result: int) -> None:
    if result != 0:
        raise OSError(-result, os.strerror(-result))


def _call(function: ctypes._NamedFuncPointer, *arguments: object) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    texts = [text.encode() if text is not None else None for text in (source, target, kind)]
    _call(_libc.mount, *texts, ctypes.c_ulong(flags), options.encode() if options else None)


def _loopback_up() -> None:
    """Switch the new network namespace's own loopback on, for weeks that run servers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up = 0x1 | 0x40  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", up))  # SIOCSIFFLAGS
