"""Hand in the notebook as a link to the author's own.

Known to work against stock nbgrader: full marks, and the solutions in the feedback.
"""
OUTCOME = "malformed"


def place(folder, root, week):
    source = next((root / "source" / week).glob("*.ipynb"))
    notebook = folder / source.name
    notebook.unlink()
    notebook.symlink_to(source)


# --- the answer ---
def answer(*values, **options):
    return 1
