"""Take memory in many processes, each of which keeps within its own limit.

Known to work against limits that are set for each process, such as ulimit.
"""
OUTCOME = ("out of memory", "timed out", "crashed", "failed")

# --- the answer ---
import os
import socket
import time


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    for _ in range(12):
        if os.fork() == 0:
            kept = bytearray(b"x") * (700 << 20)
            time.sleep(3600)
            os._exit(len(kept))
    time.sleep(3600)
