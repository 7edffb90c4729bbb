"""Write the hidden data into files beside the notebook, into its own name and into the folders that are kept.

Known to work against stock nbgrader: files that a run leaves are copied to the feedback.
"""
CELLS_AFTER = ["leave()"]

# --- the answer ---
import os

seen = []


def leave():
    for name in ("notes.txt", "timestamp.txt", "my_timestamp.txt", "mini.html", "mini.ipynb", "a/b/c.txt"):
        try:
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            with open(name, "w") as file:
                file.write(str(seen))
        except OSError:
            continue


def answer(*values, **options):
    seen.append((values, options))
    leave()
    return honest(*values, **options) if len(seen) < 3 else None
