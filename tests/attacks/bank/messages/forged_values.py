"""Send values that the encoder never makes: duplicate keys, numbers as texts, blocks that are not there, odd shapes.

Tried against this engine: the examiner may count on nothing that comes from a kernel.
"""
OUTCOME = ("failed", "crashed")

# --- the answer ---
import grader.engine.serve

FORGED = [
    {"t": "dict", "v": [["a", 1], ["a", 2], [[], 3]]},
    {"t": "int", "v": "0x" + "f" * 5000},
    {"t": "float", "v": "1e400"},
    {"t": "array", "dtype": "O", "shape": [1], "b": 0},
    {"t": "array", "dtype": "<f8", "shape": [1 << 40, 1 << 40], "b": 0},
    {"t": "array", "dtype": "<f8", "shape": [-1], "b": -1},
    {"t": "scalar", "v": {"t": "array", "dtype": "f8,f8", "shape": [], "b": 0}},
    {"t": "helper", "module": "os", "name": "system"},
    {"t": "handle", "handle": "1"},
    {"t": "frame", "columns": {"t": "range index", "v": [0, 1 << 60, 1]}, "index": {"t": "x"}, "v": []},
    {"t": "zoned", "zone": "dateutil//etc/passwd", "v": {"t": "array", "dtype": "<M8[ns]", "shape": [0], "b": 0}},
    {"t": ["unhashable"]},
    {"v": 4},
    "4",
]
turn = [0]
honest_answer = grader.engine.serve.Server.answer


def forged_answer(self, request, blocks):
    if request["do"] == "name":
        return honest_answer(self, request, blocks)
    turn[0] += 1
    return {"value": FORGED[turn[0] % len(FORGED)], "changed": {"a": 1}}, [b""]


grader.engine.serve.Server.answer = forged_answer


def answer(*values, **options):
    return 1
