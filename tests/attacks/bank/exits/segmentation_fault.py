"""Read address zero: no exception, no message, no process.

Known to work against stock nbgrader, which then leaves no result at all.
"""
OUTCOME = "crashed"

# --- the answer ---
import ctypes


def answer(*values, **options):
    return ctypes.string_at(0)
