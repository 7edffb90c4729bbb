"""Recurse without end, also with Python's own bound taken away.

Known to work against stock nbgrader: the kernel dies, and there is no result.
"""
OUTCOME = ("failed", "crashed", "out of memory", "timed out")

# --- the answer ---
import sys


def deeper(value):
    return deeper([value])


def answer(*values, **options):
    sys.setrecursionlimit(1 << 30)
    return deeper(deeper)
