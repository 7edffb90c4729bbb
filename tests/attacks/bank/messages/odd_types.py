"""Return arrays of types that nobody expects: structures, objects, dates, texts, half floats, the other byte order.

Known to work against conversions that silently drop what they do not know.
"""

# --- the answer ---
import numpy as np

turn = [0]
ODD = [
    np.zeros(5, dtype=[("a", "f8"), ("b", "O")]),
    np.array([print, len], dtype=object),
    np.zeros(5, dtype="M8[as]"),
    np.zeros((5, 0)),
    np.array("4"),
    np.zeros(5, dtype=">f2"),
    np.zeros(5, dtype="S0"),
    np.ma.masked_all(5),
    np.zeros((1,) * 30),
]


def answer(*values, **options):
    turn[0] += 1
    return ODD[turn[0] % len(ODD)]
