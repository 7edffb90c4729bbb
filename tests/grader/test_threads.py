"""Submissions graded side by side do not fight over the cores, whatever they ask for."""

THREADS = """\
def double(number):
    import os, lightgbm, numpy
    def threads():
        return len(os.listdir("/proc/self/task"))
    before = threads()
    lightgbm.LGBMClassifier(n_estimators=2, n_jobs=4, verbose=-1).fit(numpy.arange(200.0).reshape(-1, 1), [0, 1] * 100)
    return number * 2 if threads() == before else 0
"""


def test_a_student_who_asks_for_four_threads_gets_one(classroom):
    classroom.hand_in("greedy", classroom.answered(double=THREADS))
    assert classroom.command("grade").exit_code == 0
    assert classroom.outcomes("greedy")["double"] == "passed", classroom.messages("greedy")
