"""Hand in links to the author's notebook and to another submission under harmless names.

Known to work against stock nbgrader: it copies what a link points to, and gives it back with the feedback.
"""


def place(folder, root, week):
    source = next((root / "source" / week).glob("*.ipynb"))
    for name in ("my_timestamp.txt", "notes.txt", "data.csv", "copy.ipynb", "picture.png"):
        (folder / name).symlink_to(source)
    (folder / "all").symlink_to(root / "source")
    (folder / "book.db").symlink_to(root / "gradebook.db")
    (folder / "dangling").symlink_to("/nonexistent")


# --- the answer ---
def answer(*values, **options):
    return 1
