"""Return ranges and row labels that take no room and have a quintillion items.

Tried against this engine: what is small on its way can be huge where it arrives.
"""
OUTCOME = ("failed", "timed out", "crashed", "out of memory")

# --- the answer ---
import pandas as pd

turn = [0]


def answer(*values, **options):
    turn[0] += 1
    if turn[0] % 2:
        return range(10**18)
    return pd.DataFrame(index=pd.RangeIndex(10**18))
