"""The house: how its rooms stand to each other."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

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
