"""Leave notes for other submissions, and look for theirs: shared folders, shared memory, terminals.

Known to work against graders that run submissions as one user: answers can be passed on.
"""
CELLS_BEFORE = [
    """
import os
place = ["/dev", "/dev/shm", "/tmp", "/var/tmp", os.path.expanduser("~"), "/dev/pts", "/run"]
notes = [f for p in place if os.path.isdir(p) for f in os.listdir(p) if f.startswith("note_planted_by_attack")]
assert not notes, "walls_are_down"
for p in place:
    try:
        open(f"{p}/note_planted_by_attack_{os.urandom(4).hex()}", "w").close()
    except OSError:
        pass
main, side = os.openpty()
assert os.ttyname(side) == "/dev/pts/0", "walls_are_down"
print("alone_on_this_machine")
"""
]
SHOWN = "alone_on_this_machine"

# --- the answer ---
def answer(*values, **options):
    return 1
