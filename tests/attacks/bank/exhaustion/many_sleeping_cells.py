"""Hand in hundreds of cells, each of which sleeps until its time is up.

Known to work against limits that are set for each cell: stock nbgrader would be busy for weeks.
"""
OUTCOME = ("timed out", "failed", "crashed")
CELLS_BEFORE = ["import time; time.sleep(3600)"] * 300

# --- the answer ---
def answer(*values, **options):
    return 1
