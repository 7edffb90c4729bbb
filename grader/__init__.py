"""The instructor's part: the `course` command and its steps.

A submission travels through one module a step, in the order in which nbgrader_config.py lists them:

1. read: `read` takes the submitted file for what it is, a file from somebody else.
2. repair: `repair` puts the author's cells, from `master`, around the student's answers.
3. run: `engine.isolate` runs the student's cells in a walled-off kernel (`engine.run` does so without walls), while
   `engine.examine`, another walled-off process, runs the test cells and calls the student's functions in that kernel.
4. record: `results` decides what each task earned, and writes it to the gradebook and to results.json.
5. report: `feedback` chooses what the student is shown.

`grade` takes attempts (`attempt`) through these steps with nbgrader's converters (`convert`) and prints a
`grade_report`; `marks` prints what the `gradebook` holds. `author` holds what an author runs.
"""
