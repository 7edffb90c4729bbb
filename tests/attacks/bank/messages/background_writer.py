"""Write answers to the examiner's socket from a thread, before anybody has asked.

Tried against this engine, whose channel is a file descriptor of the student's process.
"""
OUTCOME = ("failed", "crashed", "timed out")

# --- the answer ---
import json
import os
import struct
import threading


def write_answers():
    for number in range(1, 2_000):
        header = json.dumps({"tree": {"value": True, "changed": "", "number": number}, "sizes": []}).encode()
        os.write(3, struct.pack(">I", len(header)) + header)


threading.Thread(target=write_answers, daemon=True).start()


def answer(*values, **options):
    return 1
