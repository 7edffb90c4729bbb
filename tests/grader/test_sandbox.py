"""Limits of a student's process, tried from inside a real one; and machines without walls."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from grader.course import CourseError
from grader.engine import forkserver, sandbox
from tests.grader.conftest import REPOSITORY, Classroom, make_course

DOUBLE = "def double(number):\n    return 2 * number"
TRIALS = {
    "listed": "sorted(os.listdir('/'))",
    "course": "[os.path.exists(p) for p in FORBIDDEN]",
    "tests": "os.path.exists(os.path.join(os.path.dirname(__import__('helpers').__file__), '../tests'))",
    "environment": "dict(os.environ)",
    "pid": "[os.getpid(), os.getppid(), os.getsid(0), os.getpgid(0)]",
    "processes": "[p for p in os.listdir('/proc') if p.isdigit()]",
    "status": "open('/proc/self/status').read()",
    "here": "[os.getcwd(), sorted(f for f in os.listdir('.') if not f.startswith('.'))]",
    "tmp": "[os.listdir('/tmp'), [os.listdir('/tmp/' + f) for f in os.listdir('/tmp') if os.path.isdir('/tmp/' + f)]]",
    "interfaces": "[name for _, name in socket.if_nameindex()]",
    "outside": "failing(lambda: socket.create_connection(('192.0.2.1', 80), timeout=5))",
    "names": "failing(lambda: socket.getaddrinfo('example.com', 80))",
    "loopback": "loopback()",
    "write": "[failing(lambda: open(f + '/evil', 'w')) for f in READ_ONLY]",
    "own": "[failing(lambda: open(f + '/mine', 'w').close()) for f in ('/tmp', '/student', '/dev/shm', '.')]",
    "calls": "{name: call(*numbers) for name, numbers in CALLS.items()}",
    "clone3": "call(435, 0, 0)",
    "new user": "call(56, 0x10000000 | 17, 0)",
    "capability": "failing(lambda: os.chown('/student', 1, 1))",
    "disk": "fill('/tmp')",
    "large file": "failing(lambda: os.truncate(open('/student/large', 'w').name, 300 << 20))",
    "shared folder": "[failing(lambda: open('/tmp/%s/%s/x' % (f, j), 'w')) for f in os.listdir('/tmp') "
    "if f.startswith('course-') for j in os.listdir('/tmp/' + f)]",
    "memory": "failing(lambda: bytearray(5 << 30))",
    "kernel settings": "failing(lambda: open('/proc/sys/kernel/hostname', 'w').write('x'))",
    "limits": "[resource.getrlimit(getattr(resource, 'RLIMIT_' + n)) for n in ('CORE', 'NPROC', 'NOFILE', 'FSIZE')]",
    "modules": "sorted(m for m in sys.modules if m.startswith('grader'))",
}
LOOK = """
import ctypes, errno, json, os, resource, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
FORBIDDEN, READ_ONLY, CALLS = {forbidden}, {read_only}, {calls}

def failing(action):
    try:
        action()
    except BaseException as error:
        return errno.errorcode.get(getattr(error, "errno", None), type(error).__name__)

def call(*numbers):
    ctypes.set_errno(0)
    return errno.errorcode.get(ctypes.get_errno()) if libc.syscall(*numbers) == -1 else "done"

def loopback():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as one:
        one.sendall(b"hello")
        return server.accept()[0].recv(5).decode()

def fill(folder):
    try:
        for number in range(8):
            with open(f"{{folder}}/full{{number}}", "wb") as file:
                for _ in range(200):
                    file.write(bytes(1 << 20))
    except OSError as error:
        return errno.errorcode[error.errno]
    finally:
        for number in range(8):
            if os.path.exists(f"{{folder}}/full{{number}}"):
                os.unlink(f"{{folder}}/full{{number}}")

found = {{name: eval(trial) for name, trial in {trials}.items()}}
print("FOUND" + json.dumps(found))
"""
# By their numbers on this machine's architecture, as anybody can call them.
CALLS = {
    **{"unshare": (272, 0x10000000), "mount": (165, 0, 0, 0, 0, 0), "ptrace": (101, 0, 0, 0, 0), "bpf": (321, 0, 0, 0)},
    **{"setns": (308, 0, 0), "keyctl": (250, 0, 0), "io_uring_setup": (425, 1, 0), "userfaultfd": (323, 0)},
    **{"process_vm_readv": (310, 1, 0, 0, 0, 0, 0), "perf_event_open": (298, 0, 0, 0, 0, 0), "chroot": (161, 0)},
    **{"umount2": (166, 0, 0), "pivot_root": (155, 0, 0), "open_by_handle_at": (304, 0, 0, 0), "reboot": (169, 0)},
}


def source_of(room):
    forbidden = [str(room.root / name) for name in ("source", "gradebook.db", "submitted", "autograded", ".")]
    forbidden += [str(REPOSITORY / name) for name in ("source", "tests", ".git")]
    forbidden += ["/etc/shadow", "/etc/hostname", *(str(Path.home() / name) for name in (".ssh", ".config", ".bashrc"))]
    read_only = ["/", "/usr", "/etc", "/dev", str(REPOSITORY / "helpers"), str(REPOSITORY / "grader"), sys.prefix]
    values = {"forbidden": forbidden, "read_only": read_only, "calls": CALLS, "trials": TRIALS}
    return LOOK.format(**{name: repr(value) for name, value in values.items()})


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return Classroom(make_course(tmp_path_factory.mktemp("walls") / "course"))


@pytest.fixture(scope="module")
def found(room):
    """Return what a submission found out about its surroundings."""
    os.environ["INSTRUCTORS_TOKEN"] = "secret"
    path = room.hand_in("spy", room.answered(double=source_of(room) + DOUBLE))
    (path.parent / "data").mkdir()
    (path.parent / "data/mine.csv").write_text("1")
    assert room.command("grade").exit_code == 0
    text = (room.root / "autograded/spy/week1/mini.ipynb").read_text()
    cells = json.loads(text)["cells"]
    shown = "".join("".join(o.get("text", o.get("traceback", ""))) for c in cells for o in c.get("outputs", []))
    assert "FOUND" in shown, shown[-3000:]
    return json.JSONDecoder().raw_decode(shown.partition("FOUND")[2])[0]


def test_nothing_of_the_course_is_seen(found):
    assert not any(found["course"])
    assert not found["tests"]
    assert found["here"] == ["/student", ["data"]]
    assert "mini.ipynb" not in json.dumps(found["here"])


def test_the_environment_is_clean(found):
    assert "INSTRUCTORS_TOKEN" not in found["environment"]
    assert found["environment"]["HOME"] == "/student"
    assert found["environment"]["TMPDIR"] == "/tmp"


def test_it_is_alone(found):
    assert found["pid"] == [1, 0, 1, 1]
    assert found["processes"] == ["1"]
    # Below /tmp may also be what every student may read, where the course itself was cloned there.
    public = {folder.parts[2] for folder in forkserver.public_folders() if folder.is_relative_to("/tmp")}
    jobs = {name: inside for name, inside in zip(*found["tmp"], strict=True) if name not in public}
    assert len(jobs) == 1
    assert len(next(iter(jobs.values()))) == 1


def test_there_is_no_network_but_its_own(found):
    assert found["interfaces"] == ["lo"]
    assert found["outside"] in ("ENETUNREACH", "EHOSTUNREACH")
    assert found["names"] is not None
    assert found["loopback"] == "hello"


def test_only_its_own_folders_can_be_written_to(found):
    assert set(found["write"]) <= {"EROFS", "EACCES"}
    assert found["own"] == [None] * 4
    assert found["shared folder"] == ["EROFS"]
    assert found["kernel settings"] in ("EROFS", "EACCES")


def test_it_has_no_powers(found):
    status = dict(line.split(":\t") for line in found["status"].splitlines() if ":\t" in line)
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert found["capability"] in ("EPERM", "EINVAL")


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of system calls are those of x86-64")
def test_system_calls_that_are_ways_out_are_refused(found):
    assert found["calls"] == dict.fromkeys(CALLS, "EPERM")
    assert found["clone3"] == "ENOSYS"
    assert found["new user"] == "EPERM"


def test_it_has_limits(found):
    limits = sandbox.Limits()
    assert found["limits"] == [[value, value] for value in (0, limits.processes, limits.open_files, limits.file << 20)]
    assert found["disk"] == "ENOSPC"
    assert found["large file"] == "EFBIG"
    assert found["memory"] == "MemoryError"


def test_of_the_grader_it_has_its_own_end_only(found):
    assert not {"grader.grade", "grader.gradebook", "grader.repair", "grader.master"} & set(found["modules"])


# --- the life of a process ---


@pytest.fixture
def fresh():
    """A fork server of this test's own, without the libraries of a course."""
    server = forkserver.ForkServer([])
    yield server
    server.close()


def child_of(server):
    """A confined process that lives until it is killed."""
    ours, theirs = forkserver.socket.socketpair()
    return server.spawn("examiner", {}, [ours, theirs])


def test_a_dead_fork_server_is_replaced_and_its_children_live_on(fresh):
    first = child_of(fresh)
    fresh.process.kill()
    fresh.process.wait()
    second = child_of(fresh)
    assert first.pid and second.pid
    for one in (first, second):
        one.close()


@pytest.mark.parametrize("stale", [True, False])
def test_a_folder_is_removed_when_its_owner_is_gone(stale, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.engine.scratch.ROOT", tmp_path)
    from grader.engine import scratch

    program = textwrap.dedent(f"""
        from pathlib import Path
        from grader.engine import scratch
        scratch.ROOT = Path({str(tmp_path)!r})
        print(scratch.make(), flush=True)
        input()
    """)
    owner = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    folder = Path(owner.stdout.readline().strip())
    assert folder.is_dir()
    if stale:
        owner.kill()
        owner.wait()
    with scratch.folder() as mine:
        assert folder.exists() != stale
        assert mine.exists()
    assert not mine.exists()
    owner.kill()
    owner.wait()


# --- machines that cannot do it ---


def test_without_bubblewrap_grading_is_refused_with_the_remedy(room, monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: None)
    with pytest.raises(CourseError, match=r"bubblewrap \(bwrap\) is missing") as refused:
        sandbox.require_sandbox()
    assert "apt-get install bubblewrap" in refused.value.remedy
    assert "--sandbox none" in refused.value.remedy


def test_a_bubblewrap_that_fails_says_why(tmp_path, monkeypatch):
    failing = tmp_path / "bwrap"
    failing.write_text("#!/bin/sh\necho 'No permissions to create new namespace' >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(CourseError, match="No permissions to create new namespace") as refused:
        sandbox.require_sandbox()
    assert "ser namespaces" in refused.value.remedy


def test_without_libseccomp_grading_is_refused(monkeypatch):
    monkeypatch.setattr(sandbox, "_seccomp_library", lambda: None)
    with pytest.raises(CourseError, match="libseccomp is missing") as refused:
        sandbox.require_sandbox()
    assert "libseccomp2" in refused.value.remedy


def test_the_command_refuses_before_anything_is_run(room, monkeypatch):
    monkeypatch.setattr(forkserver, "_shared", [])
    monkeypatch.setattr(sandbox, "_seccomp_library", lambda: None)
    refused = room.command("grade", "--force")
    assert refused.exit_code == 2
    assert "libseccomp" in refused.stderr


def test_checkpoints_of_its_own_and_of_later_weeks_are_withheld():
    names = {week: [Path(path).name for path in forkserver.withheld_from(week)] for week in ("week1", "week2", "week3")}
    assert names == {"week1": ["week2"], "week2": ["week2"], "week3": []}
    assert forkserver.withheld_from("quickstart") == []
