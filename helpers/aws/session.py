"""The one cloud that this process works on: a local one, or your own account with COURSE_AWS=real."""

from __future__ import annotations

import os
import time

from helpers.aws import forkserver
from helpers.aws.cloud import LocalCloud

CHOICE, SPEND = "COURSE_AWS", "COURSE_AWS_SPEND"
LEAST = 1.0  # US dollars: less than that no week's work on a real account will cost
_running: LocalCloud | None = None


def start() -> None:
    """Have boto3 work on a fresh local cloud, or on your own account with COURSE_AWS=real; say which in one line.

    A local cloud that was running ends: its endpoints and buckets are gone.

    Raises
    ------
    RuntimeError
        when COURSE_AWS=real and COURSE_AWS_SPEND does not say how much may be spent
    """
    global _running
    stop()
    if is_real():
        print(f"AWS: your own account. It may cost up to {_allowance():,.2f} USD by your word; delete what you create.")
        return
    _running = LocalCloud()
    forkserver.start()  # its imports run beside the notebook's
    print("AWS: a local cloud. Nothing leaves this machine and nothing costs money.")


def stop() -> None:
    """End the local cloud with all its model servers; on a real account nothing is deleted."""
    global _running
    ending, _running = _running, None
    if ending is not None:
        ending.stop()


def current() -> LocalCloud | None:
    """The local cloud that `start` made, if it is running."""
    return _running


def is_real() -> bool:
    """Tell whether COURSE_AWS asks for a real account. In a run by nbgrader it never does."""
    return os.environ.get(CHOICE, "").lower() == "real" and "NBGRADER_EXECUTION" not in os.environ


def sleep(seconds: float) -> None:
    """Wait: at once in the local cloud, where time is simulated, and really on a real account."""
    if _running is not None:
        _running.sleep(seconds)
    else:
        time.sleep(seconds)


def environment() -> dict[str, str]:
    """Environment variables with which another process's boto3 works on the same cloud; none for a real account."""
    return _running.environment() if _running is not None else {}


def _allowance() -> float:
    said = os.environ.get(SPEND, "")
    try:
        allowance = float(said)
    except ValueError:
        allowance = 0.0
    if not LEAST <= allowance < float("inf"):
        raise RuntimeError(
            f"{CHOICE}=real works on your own AWS account and costs money for as long as an endpoint exists "
            f"(aws.amazon.com/sagemaker/pricing). Found {SPEND}={said!r}: set it to the US dollars that you are "
            f"willing to spend, {LEAST:.0f} or more, and set a budget alarm in the account. Or unset {CHOICE}."
        )
    return allowance
