"""Fill the folder that the kernel shares with the grader, and replace its sockets by links to others.

Tried against this engine: that folder lies on the machine's own disk, beyond the sandbox's limits.
"""
CELLS_BEFORE = [
    """
import glob, os
wrote = []
for job in glob.glob("/tmp/course-*/j*"):
    for name in ("planted_by_attack", "fault.txt", "results.json"):
        try:
            with open(f"{job}/{name}", "wb") as file:
                file.write(b"x" * 1000)
            wrote.append(name)
        except OSError:
            pass
    try:
        os.symlink("/etc/passwd", f"{job}/link")
        wrote.append("link")
    except OSError:
        pass
assert not wrote, "walls_are_down"
print("nothing_written")
"""
]
SHOWN = "nothing_written"

# --- the answer ---
def answer(*values, **options):
    return 1
