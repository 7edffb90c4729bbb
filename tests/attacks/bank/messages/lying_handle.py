"""Return a handle of an object that gives whatever attribute, item or length is asked for.

Tried against this engine: what stays in the kernel must not be taken for a result.
"""
OUTCOME = ("failed", "crashed", "timed out")

# --- the answer ---
class Anything:
    def __getattr__(self, name):
        return self

    def __getitem__(self, key):
        return self

    def __call__(self, *values, **options):
        return True

    shape, ndim, size, dtype, columns, index = (5,), 1, 5, "float64", ["a"], [0]


def answer(*values, **options):
    return Anything()
