"""Let a thread that was started before the tests write the hidden data in the name of the cell that started it.

Known to work against stock nbgrader: outputs are given to the cell whose message they answer.
"""
CELLS_BEFORE = [
    """
import threading, time
seen = []
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")


def tell():
    for _ in range(100):
        time.sleep(0.02)
        if seen:
            kernel.session.send(kernel.iopub_socket, "stream", {"name": "stdout", "text": str(seen)}, parent=parent)
            print(seen)


threading.Thread(target=tell, daemon=True).start()
"""
]

# --- the answer ---
def answer(*values, **options):
    seen.append((values, options))
    return honest(*values, **options) if len(seen) < 3 else None
