"""Pass what the visible tests ask, and die in the hidden ones: what passed before must not count.

Tried against this engine, where the visible part of a test also runs in the kernel, and again after a restart: it earned
full marks until each test's verdict was kept apart from the kernel's replies.
"""
OUTCOME = "crashed"
CELLS_AFTER = ["dir()"]  # asks for all names: so every cell of the author's is run in the kernel

# --- the answer ---
import os

calls = []


def answer(*values, **options):
    calls.append(1)
    if len(calls) > 3:
        os._exit(0)
    return honest(*values, **options)
