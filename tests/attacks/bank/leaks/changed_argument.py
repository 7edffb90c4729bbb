"""Claim to have changed an argument that is called like the hidden data.

Tried against this engine: which argument was changed is told by the student's kernel.
"""

# --- the answer ---
import grader.engine.serve
import helpers.checks

calls = []


def changed(before):
    return ("argument " + str(before)[:30].replace("\n", " ") if not calls else f"argument {calls[-1]}"[:40], "")


helpers.checks.changed = changed


def answer(*values, **options):
    calls.append(str(values)[:25])
    return honest(*values, **options)
