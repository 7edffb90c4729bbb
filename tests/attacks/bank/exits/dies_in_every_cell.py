"""End the kernel in the answer's own cell and in every cell around it, again and again.

Known to work against stock nbgrader, which then leaves no result at all.
"""
OUTCOME = ("crashed", "failed", "not attempted")
CELLS_BEFORE = ["import os; os._exit(1)"] * 3

# --- the answer ---
import os

os._exit(1)
