"""Checks of what a Dockerfile means: hadolint for its style, and our own for what hadolint cannot know.

Nothing is built here and nothing leaves the machine; `helpers.containers` builds and runs where there are tools for it.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.checks import require

PORT, PING = 8080, "/ping"
LET_PASS = (
    "DL3008",  # versions of Debian packages: a mirror drops the old ones, and the build breaks
    "DL3025",  # the exec form: `starts` asks it of CMD and ENTRYPOINT, and a HEALTHCHECK may well have a shell
)
_HERE = re.compile(r"<<-?\s*[\"']?(\w+)")
SECRET_NAME = re.compile(
    r"(^|_)(secret|token|passw(or)?d|api_?key|access_?key|private_?key|credentials?)(_|$)|_pass$", re.IGNORECASE
)
SECRET = re.compile(
    r"AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|"
    r"(?:secret|token|passwo?r?d|api_?key|access_?key)\w*['\"]?\s*[=:]\s*['\"]?[A-Za-z0-9/+_-]{8,}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Instruction:
    """One instruction: its word, its flags, and what follows as it stands."""

    word: str
    flags: tuple[str, ...]
    rest: str
    stage: int

    @property
    def items(self) -> list[str]:
        """The rest as a list: of JSON, or of words."""
        try:
            parsed = json.loads(self.rest)
        except ValueError:
            parsed = None
        return [str(item) for item in parsed] if isinstance(parsed, list) else self.rest.split()


def parse(text: str) -> list[Instruction]:
    """Read the instructions of a Dockerfile, in order; ARGs with a default and ENVs are filled in, as a build does.

    An ARG above the first FROM is known to FROM alone, until a stage asks for it by name; a stage begins with the ENVs
    of the stage that it is built on.
    """
    found: list[Instruction] = []
    above: dict[str, str] = {}  # ARGs before the first FROM
    stages: dict[str, dict[str, str]] = {}  # by name, the ENVs of each
    arguments, variables = dict[str, str](), dict[str, str]()
    stage = -1
    for line in _logical_lines(text):
        word, _, rest = line.partition(" ")
        word = word.upper()
        words = rest.split()
        flags = tuple(takewhile(lambda item: item.startswith("--"), words)) if word != "RUN" else ()
        rest = re.sub(r"^\s*(--\S+\s+)*", "", rest).strip() if flags else rest.strip()
        executed = word in ("CMD", "ENTRYPOINT", "HEALTHCHECK") and re.match(r"(CMD\s*)?\[", rest)
        if not executed:  # a JSON list is started as it stands, without a shell
            rest = filled(rest, above if word == "FROM" else arguments | variables)
        if word == "FROM":
            stage += 1
            base, _, name, *_ = [*rest.split(), "", "", ""]  # FROM base AS name
            arguments, variables = {}, dict(stages.get(base, {}))
            stages |= {str(stage): variables, name: variables}
        elif word == "ARG":
            for name, given, default in (item.partition("=") for item in words_of(rest)):
                if given or name in above:
                    (above if stage < 0 else arguments)[name] = default if given else above[name]
        elif word == "ENV":
            variables |= variables_of(rest)
        found.append(Instruction(word, flags, rest, stage))
    return found


def _logical_lines(text: str) -> Iterator[str]:
    """Yield instructions as lines: continued lines joined, and a here-document's lines for a shell by semicolons."""
    lines = iter([line for line in text.splitlines() if not line.lstrip().startswith("#")])
    for line in lines:
        whole = line
        while re.search(r"\\[ \t]*$", whole):
            whole = re.sub(r"\\[ \t]*$", " ", whole) + next(lines, "")
        word = whole.split()[0].upper() if whole.strip() else ""
        for end in _HERE.findall(whole) if word in ("RUN", "COPY", "ADD") else ():
            for inner in lines:
                if inner.strip() == end:
                    break
                whole += f"; {inner}" if word == "RUN" else ""
        if whole.strip():
            yield whole.strip()


def words_of(text: str) -> list[str]:
    """Split into words as a shell would; at spaces where a quotation mark has no partner."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def filled(text: str, known: Mapping[str, str]) -> str:
    """Fill in ``$NAME``, ``${NAME}`` and ``${NAME:-default}``, as far as they are known."""

    def value(found: re.Match[str]) -> str:
        default = found[2] if found[2] is not None else found[0]
        return known.get(found[1] or found[3]) or default

    return re.sub(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)", value, text)


def variables_of(rest: str) -> dict[str, str]:
    """Return the variables that an ENV sets: ``NAME=value`` and more of the kind, or ``NAME value``."""
    pairs = [word.partition("=") for word in words_of(rest)]
    if pairs and all(separator for _, separator, _ in pairs):
        return {name: value for name, _, value in pairs}
    name, _, value = rest.partition(" ")
    return {name: value.strip()}


# --- the checks ---


def dockerfile(files: Mapping[str, str], context: Mapping[str, int]) -> None:
    """Check a Dockerfile and its .dockerignore for a context: its paths with their sizes in bytes."""
    from helpers.checks.week5 import container

    build = container.Build(files, context)
    for check in container.CHECKS:
        check(build)


def lint(text: str) -> None:
    """Run hadolint; warnings count, remarks do not."""
    for end in _HERE.findall(text):  # it stumbles over a here-document without an empty line after it
        text = re.sub(rf"^({end})\n(?=\S)", r"\1\n\n", text, flags=re.MULTILINE)
    found = [one for one in hadolint(text) if one["level"] in ("error", "warning")]
    require(
        not found,
        f"Dockerfile: hadolint says {found[0]['code']}" if found else "",
        seen=lambda: "\n".join(f"line {one['line']}: {one['message']}" for one in found),
        why="hadolint's rules are what others learned from builds that broke",
        where="the rule's page: github.com/hadolint/hadolint/wiki and its number",
    )


def hadolint(text: str) -> list[dict[str, Any]]:
    """Return hadolint's remarks, each with ``line``, ``code``, ``level`` and ``message``.

    Raises
    ------
    RuntimeError
        when it cannot be run
    """
    program = Path(sys.executable).with_name("hadolint")
    options = [option for rule in LET_PASS for option in ("--ignore", rule)]
    done = subprocess.run(  # noqa: S603 (the program is ours)
        [program, "--format", "json", "--no-fail", *options, "-"], input=text, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"hadolint ended with {done.returncode}: {done.stderr[:300]}")
    return list(json.loads(done.stdout))


# --- .dockerignore ---


def ignored(path: str, rules: str) -> bool:
    """Return true if a .dockerignore keeps a path out: the last rule that fits decides, as Docker documents it."""
    out = False
    for line in rules.splitlines():
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        takes_back, rule = rule.startswith("!"), rule.removeprefix("!").strip().strip("/").removeprefix("./")
        above = [str(one) for one in PurePosixPath(path).parents if str(one) != "."]
        if any(pattern(rule).fullmatch(one) for one in (path, *above)):
            out = not takes_back
    return out


def pattern(rule: str) -> re.Pattern[str]:
    """Compile a pattern of Docker's: `*` and `?` within a name, `**` for any number of folders."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^]]*\])", rule)
    spelled = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(
            spelled.get(part) or (part if part.startswith("[") and part.endswith("]") else re.escape(part))
            for part in parts
        )
    )
