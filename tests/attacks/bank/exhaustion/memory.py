"""Take memory until there is none, in one process.

Known to work against stock nbgrader: the machine swaps, or the kernel of somebody else is killed.
"""
OUTCOME = ("out of memory", "timed out", "crashed", "failed")

# --- the answer ---
import socket


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    kept = []
    while True:
        kept.append(bytearray(256 << 20))
