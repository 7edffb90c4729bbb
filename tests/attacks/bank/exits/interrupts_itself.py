"""Raise KeyboardInterrupt, as if somebody had stopped the grader by hand.

Known to work against test runners that end at once on an interrupt: pytest, unittest.
"""
OUTCOME = ("timed out", "failed")

# --- the answer ---
def answer(*values, **options):
    raise KeyboardInterrupt
