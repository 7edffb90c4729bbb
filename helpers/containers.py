"""Week 5's image for real: built from its context, run as it would be, and asked. Reading a Dockerfile shows less.

``python -m helpers.containers FOLDER`` takes the folder that the notebook wrote; ``make containers`` the author's.

Nothing is pulled. Every ``FROM python:3.11…`` becomes a base of Debian's own Python, which debootstrap makes once, and
the packages are wheels that pip downloads beforehand, as it is configured on this machine. So versions of the base are
Debian's, and everything else is what the Dockerfile says. Its RUN lines run as root, behind no wall but a chroot: build
what you trust.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

TOOLS = ("buildah", "podman", "runc", "debootstrap")  # commands, and the Debian packages that bring them
BASE = "localhost/course-python:3.11-bookworm"
SUITE = "bookworm"
DEBIAN_PACKAGES = "python3,python-is-python3,python3-pip,ca-certificates"
PIP = "[global]\nno-index = true\nfind-links = /wheels\nroot-user-action = ignore\n"
START = 120.0  # seconds until a container that is not healthy is given up
ROWS = 300  # that are asked for
SAME = 1e-9  # two predictions of one model
# Run in the container to ask its server: the request comes by standard input, the answer goes to standard output.
ASK = """
import sys, urllib.request, urllib.error
kind = {"Content-Type": sys.argv[1]}
request = urllib.request.Request("http://127.0.0.1:8080/invocations", sys.stdin.buffer.read(), kind)
try:
    answer = urllib.request.urlopen(request, timeout=60)
except urllib.error.HTTPError as error:
    answer = error
print(answer.status)
sys.stdout.write(answer.read().decode())
"""


class Unavailable(RuntimeError):
    """An error for a machine that cannot build or run images; the message says what to install."""


class Failed(RuntimeError):
    """An error for an image that does not do what it should; the message says what it does."""


def require_tools() -> None:
    """Require every tool that is needed.

    Raises
    ------
    Unavailable
        when something is missing
    """
    missing = [name for name in TOOLS if _found(name) is None]
    if missing:
        raise Unavailable(
            f"Images cannot be built and run here: {', '.join(missing)} not found. "
            f"On Debian: apt-get install --no-install-recommends {' '.join(missing)}"
        )


def _found(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")  # debootstrap is not on everybody's path


# --- building ---


def build(context: Path) -> str:
    """Build the image of a context and return its name.

    Raises
    ------
    Failed
        when a line of the Dockerfile fails, or its base is not Python 3.11
    """
    text = based_here((context / "Dockerfile").read_text(encoding="utf-8"))
    name = f"localhost/course-image:{uuid.uuid4().hex[:12]}"
    _base()
    with tempfile.TemporaryDirectory() as folder:
        wheels, dockerfile, pip = Path(folder, "wheels"), Path(folder, "Dockerfile"), Path(folder, "pip.conf")
        _download(context / "requirements.txt", wheels)
        dockerfile.write_text(text, encoding="utf-8")
        pip.write_text(PIP, encoding="utf-8")
        lent = [f"--volume={wheels}:/wheels:ro", f"--volume={pip}:/etc/pip.conf:ro"]
        # HEALTHCHECK exists in Docker's format only.
        kind = ["--pull-never", "--isolation=chroot", "--format=docker", "--layers=false"]
        _run(["buildah", "bud", *kind, *lent, f"--file={dockerfile}", f"--tag={name}", str(context)])
    return name


def based_here(text: str) -> str:
    """A Dockerfile with every base of Python 3.11, by its tag or a digest, replaced by the one that is made here.

    Raises
    ------
    Failed
        when there is another base
    """
    stages = set(re.findall(r"^FROM\s.*\sAS\s+(\S+)", text, re.IGNORECASE | re.MULTILINE))

    def replaced(found: re.Match[str]) -> str:
        if found[2] in stages:
            return found[0]
        if not re.search(r"(^|/)python(:3\.11\b|@)", found[2]):
            raise Failed(f"the base must be an image of Python 3.11, as this course is, not {found[2]}")
        return found[1] + BASE

    return re.sub(r"^(FROM\s+(?:--\S+\s+)*)(\S+)", replaced, text, flags=re.IGNORECASE | re.MULTILINE)


def _base() -> None:
    if _tried(["podman", "image", "exists", BASE]).returncode == 0:
        return
    print(f"The base, {BASE}: once, some minutes …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        root, archive = Path(folder, "root"), Path(folder, "root.tar")
        _run(["debootstrap", "--variant=minbase", f"--include={DEBIAN_PACKAGES}", SUITE, str(root)])
        for mark in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):  # as in Python's own images
            mark.unlink()
        for package in root.glob("var/cache/apt/archives/*.deb"):
            package.unlink()
        _run(["tar", "--create", f"--file={archive}", f"--directory={root}", "."])
        _run(["podman", "import", str(archive), BASE])


def _download(requirements: Path, folder: Path) -> None:
    wanted = ["--only-binary=:all:", "--requirement", str(requirements), "--dest", str(folder)]
    _run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *wanted])


# --- running ---


class Container:
    """A server in a container without network, root, capabilities or anything to write to but /tmp."""

    def __init__(self, image: str) -> None:
        self.name = f"course-{uuid.uuid4().hex[:12]}"
        walls = ["--network=none", "--read-only", "--tmpfs=/tmp", "--cap-drop=all", "--security-opt=no-new-privileges"]
        limits = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]
        kind = ["--runtime=runc", "--cgroup-manager=cgroupfs"]
        _run(["podman", *kind, "run", "--detach", "--pull=never", f"--name={self.name}", *walls, *limits, image])

    def wait(self) -> None:
        """Wait until the image's own health check succeeds.

        Raises
        ------
        Failed
            when it does not, or the server ends
        """
        end = time.monotonic() + START
        while _tried(["podman", "healthcheck", "run", self.name]).returncode:
            running = _run(["podman", "inspect", "--format={{.State.Running}}", self.name]).strip()
            if running != b"true" or time.monotonic() > end:
                raise Failed(f"the server does not come up: {self.log()}")
            time.sleep(0.5)

    def user(self) -> int:
        """The number of the user whom the server runs as."""
        return int(self._execute("import os; print(os.stat('/proc/1').st_uid)"))

    def ask(self, body: bytes, content_type: str = "application/json") -> tuple[int, str]:
        """Send one request; return the status and the answer."""
        status, _, answer = self._execute(ASK, content_type, body=body).decode().partition("\n")
        return int(status), answer

    def stop(self) -> int:
        """Tell the server to end, and return its exit code: 137 when it had to be killed."""
        _run(["podman", "stop", "--time=10", self.name])
        return int(_run(["podman", "inspect", "--format={{.State.ExitCode}}", self.name]))

    def log(self) -> str:
        """The last lines that the server wrote."""
        found = _tried(["podman", "logs", "--tail=8", self.name])
        return (found.stdout + found.stderr).decode(errors="replace").strip() or "it wrote nothing"

    def _execute(self, program: str, *arguments: str, body: bytes = b"") -> bytes:
        return _run(["podman", "exec", "--interactive", self.name, "python", "-c", program, *arguments], body)


@contextmanager
def running(image: str) -> Iterator[Container]:
    """A container of this image, which is healthy; it is gone afterwards."""
    container = Container(image)
    try:
        container.wait()
        yield container
    finally:
        _run(["podman", "rm", "--force", "--volumes", container.name])


def _run(command: Sequence[str], body: bytes = b"") -> bytes:
    done = _tried(command, body)
    if done.returncode:
        words = (done.stderr or done.stdout).decode(errors="replace").strip()[-2_000:]
        raise Failed(f"{' '.join(command[:3])} … ended with {done.returncode}: {words}")
    return done.stdout


def _tried(command: Sequence[str], body: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = _found(command[0]) or command[0]
    return subprocess.run([program, *command[1:]], input=body, capture_output=True)  # noqa: S603 (a list, no shell)


# --- what is asked of it ---


def check(context: Path, rows: pd.DataFrame, expected: np.ndarray) -> list[str]:
    """Build a context's image, run it, and ask for these rows.

    Parameters
    ----------
    context : the folder, as `helpers.checks.week5.container.write_context` writes it
    rows : of the model's columns
    expected : the model's own probabilities of late, shape (n,)

    Returns
    -------
    what was seen, a line each

    Raises
    ------
    Unavailable
        when tools are missing
    Failed
        when something is not as it should be
    """
    from helpers.checks.week5.requests import as_json

    require_tools()
    image = build(context)
    try:
        with running(image) as container:
            if (user := container.user()) == 0:
                raise Failed("the server runs as root")
            status, answer = container.ask(as_json(rows))
            difference = _difference(status, answer, expected)
            if not 400 <= (bad := container.ask(b"{")[0]) < 500:
                raise Failed(f"a body that is no JSON is answered with {bad}")
            again = container.ask(as_json(rows.head(1)))
            _difference(*again, expected[:1])
            code = container.stop()
    finally:
        _run(["podman", "rmi", "--force", image])
    if code:
        raise Failed(f"told to end, the server ended with {code}; 137 is: it did not, and was killed after ten seconds")
    return [
        f"It runs as user {user}, and its own health check finds it well.",
        f"{len(rows)} rows: the largest difference from the model's own predictions is {difference:.1e}.",
        f"A body that is no JSON: {bad}. The next good request is answered.",
        "Told to end, it ends.",
    ]


def _difference(status: int, answer: str, expected: np.ndarray) -> float:
    if status != 200:
        raise Failed(f"a good request is answered with {status}: {answer[:500]}")
    found = np.array(json.loads(answer)["late"], dtype=float)
    difference = float(np.abs(found - expected).max()) if found.shape == expected.shape else float("inf")
    if not difference <= SAME:
        raise Failed(f"{len(found)} predictions for {len(expected)} rows, and they differ by up to {difference:.1e}")
    return difference


def main(context: Path) -> int:
    """Check the image of a context with rows of the year drawn at random; return the exit code, 0 when all is well."""
    import joblib

    from helpers import checkpoints, registry

    try:
        require_tools()
        model = joblib.load(context / "model" / "model.joblib")
        rows = registry.plain(checkpoints.reference().sample(ROWS)[list(model.feature_names_in_)])
        lines = check(context, rows, model.predict_proba(rows)[:, 1])
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: week 5's notebook writes it, in part 6.", file=sys.stderr)
        return 2
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 2
    except Failed as error:
        print(f"The image is not well: {error}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
