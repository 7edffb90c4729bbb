"""Names in cells are found whatever else happens at the same time."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from grader.engine import names

CELL = "import numpy as np\ntable = [np.sin(one) + two for one in range(9)]\ndef area(r):\n    return PI * r\n" * 20


class Circle:
    """Garbage that runs Python when it is collected, which may be in the middle of anything."""

    def __init__(self):
        self.me = self

    def __del__(self):
        sum(range(200))


def test_cells_are_parsed_side_by_side():
    interval, end = sys.getswitchinterval(), time.monotonic() + 3
    sys.setswitchinterval(1e-5)

    def parse(_):
        found = set()
        while time.monotonic() < end:
            Circle()
            found.add((len(names.parsed(CELL).body), *sorted(names.free(CELL))))
        return found

    try:
        with ThreadPoolExecutor(4) as pool:
            assert set().union(*pool.map(parse, range(4))) == {(60, "PI", "two")}
    finally:
        sys.setswitchinterval(interval)
