"""Start processes that start processes.

Known to work against stock nbgrader: the machine has to be switched off.
"""
OUTCOME = ("crashed", "timed out", "failed", "out of memory")

# --- the answer ---
import os
import socket
import time


def answer(*values, **options):
    assert socket.gethostname() == "sandbox"  # never on a machine that somebody uses
    for _ in range(3000):  # enough to show that there is a bound, too few to need a switch
        if os.fork() == 0:
            time.sleep(3600)
            os._exit(0)
    return 1
