"""Connect to sockets that are files or abstract names: Docker, D-Bus, a database, the grader of another submission.

Known to work against walls that cut TCP only.
"""
CELLS_BEFORE = [
    """
import glob, os, socket, stat
names = ["\\0planted", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/tmp/.X11-unix/X0", "\\0attacks-PORT_OF_THE_TEST"]
job = set(glob.glob("/tmp/course-*/j*/*"))
for folder in ("/tmp", "/run", "/var", "/root", "/home", "/work"):
    for path, _, files in os.walk(folder):
        names += [f"{path}/{file}" for file in files if stat.S_ISSOCK(os.lstat(f"{path}/{file}").st_mode)]
reached = []
for name in names:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(name)
            reached.append(name)
    except OSError:
        continue
assert set(reached) <= job, "walls_are_down"
print("nobody_reached")
"""
]
SHOWN = "nobody_reached"

# --- the answer ---
def answer(*values, **options):
    return 1
