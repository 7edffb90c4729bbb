"""Hand in twenty million empty lists: sixty megabytes on disk, gigabytes once they are read.

Known to work against every reader that trusts a file's size.
"""
OUTCOME = "malformed"


def damage(notebook):
    return b'{"nbformat": 4, "cells": [' + b"[]," * 20_000_000 + b"[]]}"


# --- the answer ---
def answer(*values, **options):
    return 1
