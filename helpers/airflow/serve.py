"""`make airflow`: the real scheduler, DAG processor and web interface, on this machine only, until Ctrl-C.

Airflow's home is a temporary folder, gone afterwards with its history; artifacts go to the student's work folder. The
DAG files are the student's own, where they lie, so that an edit is seen within seconds; where there are none yet, an
example is shown. There is no password: the interface listens on loopback, and whoever is at this machine is its admin.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import urllib3

from helpers.airflow import home

HOST = "127.0.0.1"
EXAMPLE = Path(__file__).with_name("example_dag.py.txt")
PARTS = ("api-server", "dag-processor", "scheduler", "triggerer")
START, STOP = 180.0, 15.0  # seconds


def settings(base: Path, work: Path, dags: Path, port: int) -> dict[str, str]:
    """The environment of the parts: that of a local Airflow, and what a server needs."""
    address = f"http://{HOST}:{port}"
    server = {
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(base / home.AIRFLOW / "passwords.json"),
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "5",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
    }
    return home.environment(base, work, dags) | server


@contextmanager
def running(dags: Path, work: Path, port: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """All parts of an Airflow: its address, once its web interface answers, and a check that every part still runs.

    Nothing of it is left afterwards.

    Raises
    ------
    SystemExit
        when a part ends or does not answer; its last lines are quoted
    """
    base = Path(tempfile.mkdtemp(prefix="local-airflow-"))
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        home.prepare(base)
        work.mkdir(parents=True, exist_ok=True)
        if not any(dags.glob("*.py")):
            dags = base / home.AIRFLOW / "dags"
            shutil.copy(EXAMPLE, dags / "example.py")
        environment = settings(base, work, dags, port)
        for part in PARTS:
            processes[part] = _start(part, base, environment)
            # Tasks report to the API server: one that starts before it answers fails.
            _wait(f"http://{HOST}:{port}/api/v2/version", processes, base)
        yield f"http://{HOST}:{port}", partial(require_alive, processes, base)
    finally:
        _stop(list(processes.values()))
        shutil.rmtree(base, ignore_errors=True)


def _start(part: str, base: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a part, in a session of its own: Ctrl-C reaches this process, which then ends the parts in order."""
    with _log(base, part).open("wb") as log:
        return subprocess.Popen(  # noqa: S603 (one of PARTS)
            [sys.executable, "-m", "airflow", part],
            cwd=base / home.WORKING,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _log(base: Path, part: str) -> Path:
    return base / home.AIRFLOW / "logs" / f"{part}.txt"


def _wait(address: str, processes: Mapping[str, subprocess.Popen[bytes]], base: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        require_alive(processes, base)
        with suppress(urllib3.exceptions.HTTPError):
            if urllib3.request("GET", address, timeout=2.0, retries=False).status == 200:
                return
        time.sleep(0.5)
    raise SystemExit(f"Airflow's web interface did not answer within {START:g} s:\n{_end_of(_log(base, 'api-server'))}")


def require_alive(processes: Mapping[str, subprocess.Popen[bytes]], base: Path) -> None:
    """Stop when a part has ended, with its last words."""
    for part, process in processes.items():
        if process.poll() is not None:
            raise SystemExit(f"Airflow's {part} has ended (code {process.returncode}):\n{_end_of(_log(base, part))}")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask every part to end, then end what is left of them, tasks that are running included."""
    import psutil

    family = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            family += [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for process in reversed(processes):
        process.terminate()
    _, left = psutil.wait_procs(family, timeout=STOP)
    for stubborn in left:
        with suppress(psutil.NoSuchProcess):
            stubborn.kill()
    psutil.wait_procs(left, timeout=STOP)


def _free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m helpers.airflow.serve", description=__doc__.partition("\n")[0])
    parser.add_argument("--dags", type=Path, required=True, help="the folder of the DAG files")
    parser.add_argument("--work", type=Path, required=True, help="the folder of the artifacts")
    parser.add_argument("--port", type=int, default=8080, help="of the web interface (default: %(default)s)")
    asked = parser.parse_args()
    if not _free(asked.port):
        parser.error(
            f"port {asked.port} is taken by another program: end it, or choose another (make airflow PORT=8081)"
        )
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell may have told a background process to ignore the first
        signal.signal(number, signal.default_int_handler)
    print("Airflow is starting, which takes about a minute …", flush=True)
    try:
        with running(asked.dags.absolute(), asked.work.absolute(), asked.port) as (address, check):
            print(f"Airflow: {address}  (Ctrl-C stops it)", flush=True)
            while True:
                time.sleep(1)
                check()
    except KeyboardInterrupt:
        print("Airflow has stopped; nothing of it is left running.", flush=True)


if __name__ == "__main__":
    _main()
