"""How fast grading is: the same class under stock nbgrader, otter-grader and this engine, on this machine."""
