"""Tag every cell so that it is not run, and mark it as run and passed.

Known to work against stock nbgrader: nbclient leaves tagged cells out, and what does not fail gets full marks.
"""


def damage(notebook):
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception", "remove_cell"]
        cell.metadata["execution"] = {"shell.execute_reply": "2013-01-01"}
    return notebook


# --- the answer ---
def answer(*values, **options):
    return 1
