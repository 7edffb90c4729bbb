"""Kill the parent process and its group: whoever waits for this kernel.

Known to work against stock nbgrader: grading ends, and the rest of the class has no marks.
"""
OUTCOME = ("failed", "crashed", "timed out")

# --- the answer ---
import os
import signal
import socket


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    for target in (os.getppid(), -os.getpgid(0), -os.getsid(0)):
        try:
            os.kill(target, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    return 1
