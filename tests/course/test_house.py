"""The house: how its rooms stand to each other."""

import ast
import statistics
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2]

# --- imports ---


def modules(*packages):
    """Every module of these packages, by its name."""
    found = {}
    for file in (file for package in packages for file in (COURSE / package).rglob("*.py")):
        parts = file.relative_to(COURSE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def statements(body):
    """The statements that run, or that a type checker reads, when a module is imported."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield statement
        for part in ("body", "orelse", "finalbody", "handlers"):
            yield from statements(getattr(statement, part, []))


def imports(file, known):
    """The known modules that a module imports; of a package's submodule the submodule, not the package."""
    found = set()
    for statement in statements(ast.parse(file.read_text()).body):
        if isinstance(statement, ast.Import):
            found |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            names = {f"{statement.module}.{alias.name}" for alias in statement.names}
            found |= names & known.keys()
            found |= {statement.module} if names - known.keys() else set()
    return found & known.keys()


def test_no_module_imports_one_that_imports_it():
    known = modules("helpers", "grader")
    graph = {name: imports(file, known) - {name} for name, file in known.items()}
    assert len(graph) > 50
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(f"an import circle: {' <- '.join(error.args[1])}") from None


# --- sizes ---

LONGEST_MODULE, LONGEST_BODY, MEDIAN, NINETIETH = 700, 30, 7, 25  # lines, as CONTRIBUTING says
SAME = 10  # lines in a row


def bodies(file):
    """The lines of each function's body, its docstring apart, by name."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node.name, node.end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("package", ["helpers", "grader"])
def test_functions_and_modules_are_short(package):
    files = modules(package).values()
    long_modules = {
        str(f.relative_to(COURSE)): n for f in files if (n := len(f.read_text().splitlines())) > LONGEST_MODULE
    }
    assert long_modules == {}
    lines = {f"{file.relative_to(COURSE)}: {name}": size for file in files for name, size in bodies(file)}
    assert {name: size for name, size in lines.items() if size > LONGEST_BODY} == {}
    assert statistics.median(lines.values()) <= MEDIAN
    assert statistics.quantiles(lines.values(), n=10)[-1] <= NINETIETH


def runs(file):
    """Every ten lines of code in a row, with the number of the first; comments and blank lines do not count."""
    numbered = enumerate(map(str.strip, file.read_text().splitlines()), 1)
    code = [(number, line) for number, line in numbered if len(line) > 3 and not line.startswith("#")]
    for start in range(len(code) - SAME + 1):
        yield "\n".join(line for _, line in code[start : start + SAME]), code[start][0]


def test_nothing_is_written_twice():
    files = [
        file for root in ("helpers", "grader", "bench", "source", "tests") for file in (COURSE / root).rglob("*.py")
    ]
    banks = {COURSE / "tests" / "variants", COURSE / "tests" / "attacks" / "bank"}
    seen, twice = {}, set()
    for file in sorted(file for file in files if not banks & {*file.parents}):
        for text, line in runs(file):
            place = f"{file.relative_to(COURSE)}:{line}"
            if text in seen:
                twice.add(f"{seen[text]} = {place}")
            seen.setdefault(text, place)
    assert twice == set()
