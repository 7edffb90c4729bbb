"""Week 4's checks, a module for each task; what a student's functions leave behind is read as files."""

from helpers.checks.week4 import (
    dag_file,
    drift,
    features,
    folders,
    history,
    ingest,
    messages,
    processes,
    promote,
    train,
    upsert,
    validate,
    whole,
)

__all__ = [
    "dag_file",
    "drift",
    "features",
    "folders",
    "history",
    "ingest",
    "messages",
    "processes",
    "promote",
    "train",
    "upsert",
    "validate",
    "whole",
]
