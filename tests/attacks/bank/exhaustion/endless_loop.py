"""Loop for ever when a test calls.

Known to work against stock nbgrader: it waits for the time limit of every test.
"""
OUTCOME = "timed out"

# --- the answer ---
def answer(*values, **options):
    while True:
        pass
