"""Open files and sockets until there are no more descriptors.

Known to work against stock nbgrader: the kernel cannot answer any more.
"""
OUTCOME = ("failed", "crashed", "timed out")

# --- the answer ---
import os

kept = []


def answer(*values, **options):
    try:
        while True:
            kept.append(os.dup(0))
    except OSError:
        return 1
