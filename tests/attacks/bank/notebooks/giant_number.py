"""Hand in a notebook with a number of five thousand digits, and numbers that are none.

Known to work against readers that expect JSON's own errors only: Python refuses to make such a number.
"""
OUTCOME = "malformed"


def damage(notebook):
    return b'{"nbformat": 4, "nbformat_minor": ' + b"9" * 5000 + b', "metadata": {"x": NaN}, "cells": []}'


# --- the answer ---
def answer(*values, **options):
    return 1
