"""Hand in brackets within brackets, a million deep.

Known to work against readers that recurse; stock nbgrader gives the submission up.
"""
OUTCOME = "malformed"


def damage(notebook):
    return b"[" * 1_000_000 + b"]" * 1_000_000


# --- the answer ---
def answer(*values, **options):
    return 1
