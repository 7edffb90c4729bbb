"""Hand in a results.json, a timestamp and a ready-made feedback page beside the notebook.

Known to work against scripts that collect results from the submission's folder.
"""
FILES = {
    "results.json": '{"version": 1, "points": 100, "tasks": [{"task": "double", "points": 40, "outcome": "passed"}]}',
    "feedback/mini.html": "<h1>planted_by_attack: full marks</h1>",
    "mini.html": "<h1>planted_by_attack: full marks</h1>",
    ".course/results.json": '{"points": 100}',
    "gradebook.db": "planted_by_attack",
}

# --- the answer ---
def answer(*values, **options):
    return 1
