"""Loop for ever and take no notice of interrupts: signals blocked, exceptions caught.

Known to work against stock nbgrader: grading stands still until somebody kills it.
"""
OUTCOME = ("timed out", "crashed")

# --- the answer ---
import signal


def answer(*values, **options):
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP})
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
