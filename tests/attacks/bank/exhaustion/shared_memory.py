"""Take memory that belongs to no single process: shared pages, memory files, System V segments, unread pipes.

Known to work against limits that are set for each process, such as ulimit.
"""
OUTCOME = ("out of memory", "timed out", "crashed", "failed")

# --- the answer ---
import ctypes
import mmap
import os
import socket


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    block = bytes(1 << 20)
    for _ in range(30):
        try:
            file = os.memfd_create("more")
            for _ in range(100):
                os.write(file, block)
        except OSError:
            pass
    segment = ctypes.CDLL(None).shmget(0, 1 << 30, 0o1600)
    assert segment < 0, "System V segments stay when their process has gone"
    kept = mmap.mmap(-1, 8 << 30)
    for _ in range(8 << 10):
        kept.write(block)
    return 1
