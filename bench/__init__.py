"""Benchmark of grading: the same class under stock nbgrader, otter-grader and this engine, on this machine."""
