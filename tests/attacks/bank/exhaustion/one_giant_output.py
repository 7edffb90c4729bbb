"""Send one output of half a gigabyte: it must be read whole before anybody can see that it is too long.

Known to work against stock nbgrader, whose process takes several times as much.
"""
OUTCOME = ("failed", "timed out", "crashed")
CELLS_BEFORE = ["display({'text/plain': 'x' * (500 << 20)}, raw=True)"]

# --- the answer ---
def answer(*values, **options):
    return 1
