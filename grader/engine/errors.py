"""What a library's error means, said in the author's words.

An error that a student's function raises on hidden data may quote that data, so its own words are not shown. Most come
from a few libraries and begin in a few known ways; the way that an error begins gives away no more than its kind does.
"""

from __future__ import annotations

KNOWN = (
    ("Found unknown categories", "an encoder met a category that was not in the rows it was fitted on"),
    ("contains NaN", "a value is missing where the library takes none"),
    ("contains infinity", "a value is infinite, or too large, where the library takes none"),
    ("could not convert string to float", "a text was taken for a number"),
    ("Cannot convert non-finite values", "a missing value was turned into a whole number"),
    ("cannot convert float NaN", "a missing value was turned into a whole number"),
    ("Found array with 0 sample", "a table has no rows where the library needs one"),
    ("attempt to get arg", "the smallest or largest of no values was asked for"),
    ("zero-size array", "a smallest, largest or sum of no values was asked for"),
    ("arg is an empty sequence", "the smallest or largest of no values was asked for"),
    ("division by zero", "something is divided by a number, or by a count, that is zero"),
    ("Only one class", "there is one class only where the library needs both"),
    ("only one class", "there is one class only where the library needs both"),
    ("out-of-bounds", "a row was asked for by position where there are fewer"),
    ("out of bounds", "an element was asked for by position where there are fewer"),
    ("index out of range", "an element was asked for by position where there are fewer"),
    ("duplicate", "labels of an index, or names of columns, occur twice"),
    ("not in index", "a column or a label was asked for that is not there"),
    ("are in the [columns]", "a column was asked for that is not there"),
    ("identically-labeled", "two tables are compared whose labels differ"),
    ("truth value of", "a whole table or array was taken for one yes or no"),
    ("inconsistent numbers of samples", "two arguments have different lengths"),
    ("Length of values", "a column was given another length than its table has"),
    ("must be the same length", "two arguments have different lengths"),
    ("could not be broadcast", "two arrays have shapes that do not fit each other"),
    ("tz-naive", "times with and without a time zone meet"),
    ("tz-aware", "times with and without a time zone meet"),
    ("unhashable", "a list or a dictionary was used as a key"),
    ("unexpected keyword argument", "a function is called with a parameter that it does not have"),
    ("positional argument", "a function is called with too many or too few arguments"),
    ("read-only", "an argument was about to be changed in place"),
    ("NoneType", "something is None: does a branch end without `return`?"),
)


def meaning(text: object) -> str:
    """Return what an error with this text means; an empty string for one that is not known."""
    said = text[:2_000] if isinstance(text, str) else ""
    return next((meaning for piece, meaning in KNOWN if piece in said), "")
