"""Hand in a notebook of a format that never was, with every field of another type than it should be.

Known to work against stock nbgrader, which gives such a submission up without a mark.
"""
OUTCOME = ("malformed", "not attempted", "failed")


def damage(notebook):
    return (
        b'{"nbformat": -1, "worksheets": [{"cells": 5}], "metadata": [], "cells": '
        b'[null, 5, {"cell_type": ["code"]}, {"cell_type": "code", "source": {"a": 1}, "metadata": 7, "id": [1]}]}'
    )


# --- the answer ---
def answer(*values, **options):
    return 1
