"""Hand in the notebook as a named pipe: whoever opens it waits for ever.

Known to work against stock nbgrader: grading stands still.
"""
OUTCOME = "malformed"


def place(folder, root, week):
    import os

    notebook = next(folder.glob("*.ipynb"))
    notebook.unlink()
    os.mkfifo(notebook)


# --- the answer ---
def answer(*values, **options):
    return 1
