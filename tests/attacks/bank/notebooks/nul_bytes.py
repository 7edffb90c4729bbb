"""Hand in cells with NUL bytes, half characters, a mark of another byte order and marks that turn text around.

Known to work against stock nbgrader: the parser raises where nobody expects it.
"""
OUTCOME = "failed"


def damage(notebook):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source += "\n# \x00 \ud800 \u202e \ufeff \x1b[2J \x07"
    return __import__("json").dumps(notebook).encode()


# --- the answer ---
def answer(*values, **options):
    return 1
