"""Replace the loop that answers the examiner by one that returns at once, as if all were done.

Tried against this engine: a test without an answer must not count as a test without a failure.
"""
OUTCOME = "timed out"

# --- the answer ---
import grader.engine.serve

grader.engine.serve.serve = lambda descriptor: None


def answer(*values, **options):
    return 1
