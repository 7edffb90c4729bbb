"""Report exceptions that are none: made-up kinds, kinds that end a program, places that are no lines.

Tried against this engine: an error's description comes from the student's kernel, too.
"""
OUTCOME = ("failed", "timed out", "out of memory", "not attempted", "crashed")

# --- the answer ---
import grader.engine.serve

KINDS = ["SystemExit", "print", "__import__", "CheckFailed", "BaseExceptionGroup", "UnicodeDecodeError", "GeneratorExit", 5]
turn = [0]


def describe(error):
    turn[0] += 1
    kind = KINDS[turn[0] % len(KINDS)]
    return {"kind": kind, "line": "<b>1</b>", "deepest": 1, "function": [1]}


grader.engine.serve.describe = describe


def answer(*values, **options):
    raise ValueError
