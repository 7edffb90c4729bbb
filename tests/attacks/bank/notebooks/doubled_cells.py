"""Hand in each test cell twice, with its own name, id and an empty source, before and after the real one.

Known to work against stock nbgrader, which gives a submission with a doubled name up; others mark the wrong one.
"""


def damage(notebook):
    from copy import deepcopy

    cells = []
    for cell in notebook.cells:
        fake = deepcopy(cell)
        fake.source = "pass"
        cells += [fake, cell, deepcopy(fake)] if cell.metadata.get("nbgrader", {}).get("grade") else [cell]
    notebook.cells = cells
    for cell in notebook.cells:
        cell["id"] = "same"
    return notebook


# --- the answer ---
def answer(*values, **options):
    return 1
