"""Start threads until there is no room for another.

Known to work against stock nbgrader: other kernels cannot start theirs.
"""
OUTCOME = ("crashed", "timed out", "failed", "out of memory")

# --- the answer ---
import socket
import threading
import time


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    return 1
