"""Leave the session, fork twice and go on: a process that nobody waits for.

Known to work against stock nbgrader: it is still there after grading, and can rewrite the gradebook then.
"""

# --- the answer ---
import os
import time


def stay():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for _ in range(600):
                time.sleep(1)
        os._exit(0)


stay()


def answer(*values, **options):
    stay()
    return 1
