"""A health check, run: how it ends when the server is well, when it answers 503, and when nobody listens.

It runs beside stand-ins of the programs that an image may have; what connects to the server's port is led to a server
of this trial's own, and nothing else can be reached.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any

PING, SECONDS = "/ping", 10.0
TOOLS = (
    "sh",
    "grep",
    "cat",
    "true",
    "false",
    "test",
    "[",
    "echo",
    "head",
    "tail",
    "tr",
    "sleep",
    "timeout",
    "exit",
    "env",
)
RUNNER = """
import os, socket, sys
real = socket.socket.connect
def connect(self, address):
    if isinstance(address, tuple):
        here = address[0] in ("localhost", "127.0.0.1", "0.0.0.0", "::1", socket.gethostname())
        if not here or address[1] != 8080 or self.family != socket.AF_INET:
            raise ConnectionRefusedError(111, "nobody listens there")
        address = ("127.0.0.1", int(os.environ["TRIAL_PORT"]))
    return real(self, address)
socket.socket.connect = connect
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in ("requests", "httpx", "aiohttp", "urllib3", "flask", "fastapi", "starlette", "boto3", "curl_cffi"):
            raise ModuleNotFoundError(f"No module named {name!r}")
sys.meta_path.insert(0, Absent())
def fetch(url):
    import urllib.error, urllib.request
    try:
        answer = urllib.request.urlopen(url if "://" in url else "http://" + url, timeout=5)
    except urllib.error.HTTPError as error:
        return error.code
    except Exception:
        return 0
    return answer.status
def curl(words):
    status = max([fetch(word) for word in words if "/" in word and not word.startswith("-")] or [0])
    short = "".join(word[1:] for word in words if word.startswith("-") and not word.startswith("--"))
    if any("http_code" in word for word in words):
        print(f"{status:03}", end="")
    fails = "f" in short or any(word.startswith("--fail") for word in words)
    return 7 if not status else 22 if fails and status >= 400 else 0
def wget(words):
    addresses = [word for word in words if "/" in word and not word.startswith(("-", "/dev/"))]
    status = max([fetch(word) for word in addresses] or [0])
    return 4 if not status else 8 if status >= 400 else 0
program, *words = sys.argv[1:]
if program in ("curl", "wget"):
    sys.exit({"curl": curl, "wget": wget}[program](words))
while words and words[0] in ("-u", "-I", "-E", "-s", "-S", "-B", "-Ic", "-uc"):
    words[:1] = ["-c"] if words[0].endswith("c") else []
if words[:1] != ["-c"]:
    sys.exit(2)
sys.argv = words[:1] + words[2:]
exec(compile(words[1], "<health check>", "exec"), {"__name__": "__main__"})
"""


def try_words(words: Sequence[str], variables: Mapping[str, str], programs: Sequence[str]) -> dict[str, Any]:
    """Return how a health check ends, by the state of the server; ``missing``: a program that is not in the image.

    Parameters
    ----------
    words
        what is started
    variables
        of the image
    programs
        of the image: names, and absolute paths of Pythons
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _stand_ins(place, [name for name in programs if "/" not in name])
        first, *rest = words
        python = first.startswith("/") and first in programs
        first = str(place / "python") if python else first
        if python and not (place / "python").exists():
            _stand_ins(place, ["python"])
        rest = [_shortened(word, programs, place) for word in rest]
        found: dict[str, Any] = {"missing": ""}
        if shutil.which(first, path=folder) is None:
            return {"missing": words[0], "well": 127, "ill": 127, "gone": 127}
        for state, status in {"well": 200, "ill": 503, "gone": 0}.items():
            found[state], said = _ended([first, *rest], variables, folder, status)
            found["missing"] = found["missing"] or said
        return found


def _shortened(word: str, programs: Sequence[str], place: Path) -> str:
    """Lead absolute paths of Pythons, in a shell's text, to the stand-in."""
    for path in sorted((one for one in programs if one.startswith("/")), key=len, reverse=True):
        word = word.replace(f"{path} ", f"{place / 'python'} ")
    return word


def _stand_ins(place: Path, programs: Sequence[str]) -> None:
    runner = place / "runner.py"
    runner.write_text(RUNNER, encoding="utf-8")
    for name in programs:
        script = place / name
        kind = "python" if name.startswith("python") else name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{runner}" {kind} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    for name in TOOLS:
        found, link = shutil.which(name, path="/usr/bin:/bin"), place / name
        if found and not link.exists():
            link.symlink_to(found)


class _Server(ThreadingHTTPServer):
    status = 200


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer as the server of the course does."""
        status = getattr(self.server, "status", 200) if self.path == PING else 404
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


def _ended(words: Sequence[str], variables: Mapping[str, str], folder: str, status: int) -> tuple[int, str]:
    """Run a health check; return its status and the program that it did not find."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.status = status
    port = server.server_address[1]
    if status:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    else:
        server.server_close()
    own = {name: value for name, value in variables.items() if not name.startswith(("PYTHON", "LD_"))}
    given = {**own, "PATH": folder, "TRIAL_PORT": str(port), "HOME": folder}
    try:
        done = subprocess.run(  # noqa: S603 (in grading this is a sandbox)
            words, env=given, cwd=folder, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return 124, ""
    except OSError:
        return 127, words[0]
    finally:
        if status:
            server.shutdown()
            server.server_close()
    missing = re.search(r"(\S+): (?:command )?not found|No such file or directory: '?([^']+)", done.stderr)
    return done.returncode, PurePosixPath(missing[1] or missing[2]).name if missing else ""
