"""Connect to every server of this machine: the gradebook's database, formgrader, the metadata service of a cloud.

Known to work against graders without a network namespace: stock nbgrader.
"""
CELLS_BEFORE = [
    """
import socket
reached = []
for host in ("127.0.0.1", "::1", "169.254.169.254", "10.0.2.2", "172.17.0.1", "8.8.8.8", "localhost"):
    for port in (22, 53, 80, 443, 5432, 8080, 8888, PORT_OF_THE_TEST):
        try:
            with socket.create_connection((host, port), timeout=0.2):
                reached.append((host, port))
        except OSError:
            continue
try:
    reached.append(socket.getaddrinfo("example.org", 80))
except OSError:
    pass
assert not reached, "walls_are_down"
print("nobody_reached")
"""
]
SHOWN = "nobody_reached"

# --- the answer ---
def answer(*values, **options):
    return 1
