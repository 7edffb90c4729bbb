"""Change the machine's settings under /proc/sys: which program handles crashes, how memory is given out.

Known to work against sandboxes that a privileged user starts: the settings belong to everybody.
"""
CELLS_BEFORE = [
    """
import os
open_to_us = [p for p in ("/proc/sys/kernel/core_pattern", "/proc/sys/vm/swappiness", "/proc/sys/kernel/pid_max") if os.access(p, os.W_OK)]
assert not open_to_us, "walls_are_down"
print("settings_are_closed")
"""
]
SHOWN = "settings_are_closed"

# --- the answer ---
def answer(*values, **options):
    return 1
