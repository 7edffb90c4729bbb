"""Redefine the answer in the middle of the test cell, and delete the tests behind it.

Known to work against graders that run the submitted tests: anything that trusts the notebook's own test cells.
"""


def damage(notebook):
    notebook.cells = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked") or c.cell_type != "code"]
    return notebook


# --- the answer ---
def answer(*values, **options):
    return 1
