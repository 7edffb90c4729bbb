"""Make millions of empty files: a disk can be full without a byte in it.

Known to work against limits that count bytes.
"""
OUTCOME = ("failed", "timed out", "crashed", "out of memory")

# --- the answer ---
import socket


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    for number in range(10_000_000):
        open(f"/tmp/{number}", "w").close()
    return 1
