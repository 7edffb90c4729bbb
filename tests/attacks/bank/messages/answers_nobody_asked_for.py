"""Answer a question many times over, so that later questions find the answers to earlier ones.

Tried against this engine: answers carry the number of the question.
"""
OUTCOME = ("failed", "crashed")

# --- the answer ---
from grader.engine.wire import Channel

send = Channel.send


def send_often(self, tree, blocks):
    for number in range(tree.get("number", 0), tree.get("number", 0) + 50):
        send(self, {**tree, "number": number}, blocks)


Channel.send = send_often


def answer(*values, **options):
    return 1
