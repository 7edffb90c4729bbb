"""Return an object that has an item for every number: whoever makes a list of it never ends.

Tried against this engine: iteration over a handle asks the kernel for one item after the other.
"""
OUTCOME = ("failed", "timed out", "crashed")

# --- the answer ---
class Endless:
    def __getitem__(self, place):
        return 1.0


def answer(*values, **options):
    return Endless()
