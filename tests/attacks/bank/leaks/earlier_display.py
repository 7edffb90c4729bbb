"""Show an empty box before the tests, and fill it with the hidden data after them: a display can be updated.

Known to work against filters that look at a cell's place in the notebook; stock nbgrader shows everything anyway.
"""
CELLS_BEFORE = ["box = display('empty', display_id='box')"]
CELLS_AFTER = [
    "from IPython.display import display, update_display; update_display(str(seen), display_id='box')",
    "display(str(seen), display_id='box')",
]

# --- the answer ---
seen = []


def answer(*values, **options):
    seen.append((values, options))
    from IPython.display import update_display

    update_display(str(seen), display_id="box")
    return honest(*values, **options) if len(seen) < 3 else None
