"""Print without end, in the answer's own cell and while it is tested.

Known to work against stock nbgrader: 200 MB of output take it to 910 MB of memory.
"""
OUTCOME = ("failed", "timed out", "crashed")
CELLS_BEFORE = ["line = 'flood ' * 10_000\nfor _ in range(500): print(line)"]

# --- the answer ---
def answer(*values, **options):
    for _ in range(500):
        print("flood " * 10_000)
    return 1
