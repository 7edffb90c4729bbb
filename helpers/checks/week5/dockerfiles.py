"""Checks of what a Dockerfile means: hadolint for its style, and our own for what hadolint cannot know.

Nothing is built here and nothing leaves the machine; `helpers.containers` builds and runs where there are tools for it.
"""

from __future__ import annotations

import json
import posixpath
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.checks import require

PORT, PING = 8080, "/ping"
LET_PASS = (
    "DL3008",  # versions of Debian packages: a mirror drops the old ones, and the build breaks
    "DL3025",  # the exec form: `starts` asks it of CMD and ENTRYPOINT, and a HEALTHCHECK may well have a shell
)
_HERE = re.compile(r"<<-?\s*[\"']?(\w+)")
_SECRET_NAME = re.compile(r"secret|token|passwo?r?d|api_?key|access_?key|private_?key", re.IGNORECASE)
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
        flags = tuple(item for item in words if item.startswith("--")) if word != "RUN" else ()
        rest = rest.strip() if not flags else " ".join(item for item in words if item not in flags)
        executed = word in ("CMD", "ENTRYPOINT", "HEALTHCHECK") and re.match(r"(CMD\s*)?\[", rest)
        if not executed:  # a JSON list is started as it stands, without a shell
            rest = _filled(rest, above if word == "FROM" else arguments | variables)
        if word == "FROM":
            stage += 1
            base, _, name, *_ = [*rest.split(), "", "", ""]  # FROM base AS name
            arguments, variables = {}, dict(stages.get(base, {}))
            stages |= {str(stage): variables, name: variables}
        elif word == "ARG":
            for name, given, default in (item.partition("=") for item in _words(rest)):
                if given or name in above:
                    (above if stage < 0 else arguments)[name] = default if given else above[name]
        elif word == "ENV":
            variables |= _variables(rest)
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


def _words(text: str) -> list[str]:
    """Split into words as a shell would; at spaces where a quotation mark has no partner."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _filled(text: str, known: Mapping[str, str]) -> str:
    """Fill in ``$NAME``, ``${NAME}`` and ``${NAME:-default}``, as far as they are known."""

    def value(found: re.Match[str]) -> str:
        default = found[2] if found[2] is not None else found[0]
        return known.get(found[1] or found[3]) or default

    return re.sub(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)", value, text)


def _variables(rest: str) -> dict[str, str]:
    """Return the variables that an ENV sets: ``NAME=value`` and more of the kind, or ``NAME value``."""
    pairs = [word.partition("=") for word in _words(rest)]
    if pairs and all(separator for _, separator, _ in pairs):
        return {name: value for name, _, value in pairs}
    name, _, value = rest.partition(" ")
    return {name: value.strip()}


# --- the checks ---


def dockerfile(files: Mapping[str, str], context: Mapping[str, int]) -> None:
    """Check a Dockerfile and its .dockerignore for a context: its paths with their sizes in bytes."""
    text, ignore = files["Dockerfile"], files[".dockerignore"]
    instructions = parse(text)
    require(
        any(one.word == "FROM" for one in instructions),
        "Dockerfile: there is no FROM",
        why="an image begins with a base",
        where="the first instruction",
    )
    last = [one for one in instructions if one.stage == max(i.stage for i in instructions)]
    sent = [path for path in context if not ignored(path, ignore)]
    pinned_base(instructions)
    no_secrets(instructions, sent)
    not_root(last)
    small_context(context, sent)
    copies_what_is_there(instructions, sent)
    layers(instructions)
    health(last, instructions)
    starts(last)
    lint(text)
    finds_its_files(instructions, sent)


def pinned_base(instructions: Sequence[Instruction]) -> None:
    """Require that the same Dockerfile gives the same base next year."""
    stages: set[str] = set()
    for one in instructions:
        if one.word != "FROM":
            continue
        image = one.items[0] if one.items else ""
        if image not in stages:
            tag = image.rpartition(":")[2] if ":" in image.rpartition("/")[2] else ""
            require(
                "@sha256:" in image or re.search(r"\d+\.\d+\.\d+", tag),
                "Dockerfile: the base image is not pinned",
                seen=image,
                why="`latest`, `3.11` or `slim` name another image next month: a build that worked cannot be repeated",
                where="FROM with a full version (three numbers), or with a digest: `@sha256:…`",
            )
        stages |= {one.items[-1]} if len(one.items) == 3 and one.items[1].upper() == "AS" else set()


def no_secrets(instructions: Sequence[Instruction], sent: Sequence[str]) -> None:
    """Require that no layer holds a secret: what was once in one can be read from the image for ever."""
    why = "layers keep everything: whoever can pull the image can read it, even if a later line deletes it"
    for one in instructions:
        named = one.word in ("ENV", "ARG") and _SECRET_NAME.search(one.rest)
        require(
            not named and not SECRET.search(one.rest),
            f"Dockerfile: a secret in {one.word}",
            why=why,
            where="hand secrets over when the container starts, or with `RUN --mount=type=secret`",
        )
    secret = [path for path in sent if _is_secret(path)]
    require(
        not secret or not _copies_all(instructions, secret),
        ".dockerignore: a file with secrets goes into the image",
        seen=", ".join(secret),
        why=why,
        where="list it in .dockerignore, and copy files by name",
    )


def _is_secret(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return parts[-1].startswith(".env") or ".aws" in parts or parts[-1].endswith((".pem", ".key"))


def _copies_all(instructions: Sequence[Instruction], paths: Sequence[str]) -> bool:
    return any(_under(path, source) for path in paths for source in _sources(instructions))


def _sources(instructions: Sequence[Instruction]) -> Iterator[str]:
    """Yield the sources that are copied from the context."""
    for one in instructions:
        if one.word in ("COPY", "ADD") and not any(flag.startswith("--from") for flag in one.flags):
            yield from (item for item in one.items[:-1] if not item.startswith("<<"))


def _mounted(instructions: Sequence[Instruction]) -> Iterator[str]:
    """Yield the paths of the context that a RUN sees by ``--mount=type=bind``; all of it where no source is named."""
    for one in instructions:
        for mount in re.findall(r"--mount=(\S+)", one.rest) if one.word == "RUN" else ():
            given = dict(part.partition("=")[::2] for part in mount.split(","))
            if given.get("type", "bind") == "bind" and "from" not in given:
                yield given.get("source") or given.get("src") or "."


def _under(path: str, source: str) -> bool:
    clean = source.strip("/").removeprefix("./").rstrip("/")
    if clean in ("", "."):
        return True
    return _pattern(clean).fullmatch(path) is not None or any(
        _pattern(clean).fullmatch(str(above)) for above in PurePosixPath(path).parents
    )


def not_root(last: Sequence[Instruction]) -> None:
    """Require that the server does not run as root."""
    users = [one.rest.split(":")[0].strip() for one in last if one.word == "USER"]
    require(
        users and users[-1] not in ("root", "0", ""),
        "Dockerfile: the container runs as root",
        seen=f"USER {users[-1]}" if users else "no USER in the last stage",
        why="a hole in the server is then a hole in the container, and root there is half way to root on the node",
        where="make a user with RUN useradd, and USER it after the last line that needs root",
    )
    require(
        not users or users[-1].isdigit(),
        "Dockerfile: USER is a name",
        seen=f"USER {users[-1] if users else ''}",
        why="Kubernetes' runAsNonRoot cannot tell whether a name is root, and refuses to start the container",
        where="USER with the user's number, for example 10001",
    )


def small_context(context: Mapping[str, int], sent: Sequence[str]) -> None:
    """Require that what a build sends to the builder is what the image needs."""
    needed = [path for path in context if path.startswith(("model/", "server.py", "requirements.txt"))]
    lost = [path for path in needed if path not in sent]
    require(
        not lost,
        ".dockerignore: it keeps out what the image needs",
        seen=", ".join(lost),
        where="a later line with `!` takes a path back; is a pattern too wide?",
    )
    rest = [path for path in sent if path not in needed and path not in ("Dockerfile", ".dockerignore", "README.md")]
    require(
        not rest,
        ".dockerignore: it lets through what the image does not need",
        seen=lambda: ", ".join(f"{path} ({context[path] / 1e6:.0f} MB)" for path in rest),
        why="every build sends all of it to the builder, and `COPY . .` puts it into the image: "
        "data, history and secrets among it",
        where="list folders (.git, data, notebooks), or begin with `*` and take back what is needed with `!`",
    )


def copies_what_is_there(instructions: Sequence[Instruction], sent: Sequence[str]) -> None:
    """Require that sources exist, and that server, model and requirements get into the image."""
    mounted = list(_mounted(instructions))
    for source in (*_sources(instructions), *mounted):
        require(
            any(_under(path, source) for path in sent),
            f"Dockerfile: {'COPY' if source not in mounted else '--mount'} of something that is not in the context",
            seen=source,
            why="the build stops there",
            where="paths are seen from the context's folder, and what .dockerignore leaves out is not there",
        )
    for path in ("server.py", "model/model.joblib", "model/code/inference.py", "requirements.txt"):
        lent = mounted if path == "requirements.txt" else []  # it is needed while packages are installed, not after
        require(
            any(_under(path, source) for source in (*_sources(instructions), *lent)),
            f"Dockerfile: {path} does not get into the image",
            where="COPY it",
        )


def layers(instructions: Sequence[Instruction]) -> None:
    """Require that what changes often stands below what changes seldom."""
    place = next(
        (
            number
            for number, one in enumerate(instructions)
            if one.word == "RUN" and "install" in one.rest and "requirements" in one.rest
        ),
        None,
    )
    require(
        place is not None,
        "Dockerfile: the packages of requirements.txt are not installed",
        why="without the versions that the model was made with, it cannot be loaded, or predicts otherwise",
        where="RUN pip install --no-cache-dir -r requirements.txt",
    )
    before = list(_sources([one for one in instructions[:place] if one.stage == instructions[place or 0].stage]))
    early = [source for source in before if _under("model/model.joblib", source) or _under("server.py", source)]
    require(
        not early,
        "Dockerfile: the model or the server is copied before the packages are installed",
        seen=f"COPY {' '.join(early)}",
        why="a layer is built anew when anything above it has changed: each new model installs all packages again, "
        "minutes for a change of a file",
        where="COPY requirements.txt alone, install, and only then COPY the rest",
    )


def health(last: Sequence[Instruction], instructions: Sequence[Instruction]) -> None:
    """Require a health check that asks the server, with a program that is in the image."""
    checks = [one.rest for one in last if one.word == "HEALTHCHECK"]
    require(
        checks and checks[-1].strip().upper() != "NONE",
        "Dockerfile: there is no HEALTHCHECK",
        why="a process that hangs still runs: without a question to it, nobody knows",
        where=f"HEALTHCHECK CMD [...] that asks http://127.0.0.1:{PORT}{PING}",
    )
    ports = [name for one in instructions if one.word == "ENV" for name, value in _variables(one.rest).items()
             if value == str(PORT)]  # fmt: skip
    looked_up = any(re.search(rf"(environ|getenv)\W+(get\W+)?{name}\b", checks[-1]) for name in ports)
    require(
        (str(PORT) in checks[-1] or looked_up) and PING in checks[-1],
        "Dockerfile: HEALTHCHECK does not ask the server's own address",
        seen=checks[-1],
        why="whatever it asks, it does not find out whether a prediction could be made",
        where=f"port {PORT}, path {PING}",
    )
    for program in ("curl", "wget"):
        installed = any(one.word == "RUN" and re.search(rf"install\b.*\b{program}\b", one.rest) for one in instructions)
        require(
            program not in re.split(r"[^\w]", checks[-1]) or installed,
            f"Dockerfile: HEALTHCHECK calls {program}, which is not in the image",
            why="a slim base has no such program: the check fails always, and the container is restarted for ever",
            where="Python is there: `python -c` with urllib.request",
        )


def starts(last: Sequence[Instruction]) -> None:
    """Require that the server is the container's first process, so that signals reach it."""
    commands = [one for one in last if one.word in ("CMD", "ENTRYPOINT")]
    require(
        any("server.py" in one.rest for one in commands),
        "Dockerfile: the container does not start the server",
        where='CMD ["python", "server.py"], with the path where you copied it',
    )
    require(
        all(one.rest.lstrip().startswith("[") for one in commands),
        "Dockerfile: CMD or ENTRYPOINT is not in the exec form",
        why="a shell stands between: the signal to stop does not reach the server, and it is killed in mid-answer",
        where='a JSON list: ["python", "server.py"]',
    )


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


# --- where files are in the image ---


@dataclass
class Stage:
    """One stage of an image, as far as its Dockerfile tells: files by path, variables, folder, programs."""

    files: dict[PurePosixPath, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    folder: PurePosixPath = field(default_factory=lambda: PurePosixPath("/"))
    installs: bool = False
    moves: bool = False
    base: str = ""
    programs: str = ""

    def inside(self, path: str) -> PurePosixPath:
        """Return a path as the stage sees it."""
        return PurePosixPath(posixpath.normpath(self.folder / path))


def finds_its_files(instructions: Sequence[Instruction], sent: Sequence[str]) -> None:
    """Require that the server finds itself, its packages and its model where the last stage has put them."""
    stages: dict[str, Stage] = {}
    stage, command = Stage(), dict[str, list[str]]()
    for one in instructions:
        if one.word == "FROM":
            name = one.items[-1] if len(one.items) == 3 else ""
            stage, command = deepcopy(stages.get(one.items[0], Stage(base=one.items[0]))), {}
            stages[str(one.stage)] = stage
            stages |= {name: stage} if name else {}
        elif one.word in ("CMD", "ENTRYPOINT"):
            command[one.word] = one.items
        else:
            _carry_out(one, stage, stages, sent)
    words = [*command.get("ENTRYPOINT", []), *command.get("CMD", [])]
    if _no_shell(words):
        words = [_filled(word, stage.variables) for word in _words(words[-1])]
    require(
        stage.installs,
        "Dockerfile: the packages are installed in a stage that is left behind",
        why="only the last stage is the image: it starts, and finds no scikit-learn",
        where="COPY --from=STAGE of where they were installed, or install in the last stage",
    )
    _libraries(stage)
    if not stage.moves:  # what a RUN moves about, no Dockerfile tells
        _places(stage, words)


def _carry_out(one: Instruction, stage: Stage, stages: Mapping[str, Stage], sent: Sequence[str]) -> None:
    """Follow one instruction, as far as it says where files are."""
    if one.word == "WORKDIR":
        stage.folder = stage.inside(one.rest.strip("\"'"))
    elif one.word == "ENV":
        stage.variables |= _variables(one.rest)
    elif one.word == "RUN":
        stage.programs += one.rest
        stage.moves |= re.search(r"\b(mv|cp|ln|tar|unzip|rsync)\b", one.rest) is not None
        if "install" in one.rest and "requirements" in one.rest:
            _has_list(one, stage)
            stage.installs = True
    elif one.word in ("COPY", "ADD") and one.items:
        origin = next((flag.partition("=")[2] for flag in one.flags if flag.startswith("--from=")), "")
        stage.installs |= bool(origin) and stages[origin].installs if origin in stages else bool(origin)
        stage.programs += one.rest
        _copy(one.items[:-1], one.items[-1], stage, {} if origin else {path: path for path in sent})
        if origin in stages:
            _copy(one.items[:-1], one.items[-1], stage, {str(p)[1:]: c for p, c in stages[origin].files.items()})


def _copy(sources: Sequence[str], target: str, stage: Stage, files: Mapping[str, str]) -> None:
    """Copy: of a folder what is in it, a file under its own name if the target is a folder."""
    place = stage.inside(target)
    folders = {stage.folder, *(above for path in stage.files for above in path.parents)}
    into = target.endswith(("/", ".")) or place in folders or len(sources) > 1
    for path, content in files.items():
        for source in (posixpath.normpath(one).strip("/") for one in sources):
            whole = [PurePosixPath(path), *PurePosixPath(path).parents][:-1]
            found = [one for one in whole if source == "." or _pattern(source).fullmatch(str(one))]
            if not found:
                continue
            top = PurePosixPath(".") if source == "." else found[-1]
            rest = PurePosixPath(path).relative_to(top)
            many = into or "*" in source
            stage.files[place / rest if str(rest) != "." else (place / top.name if many else place)] = content


def _has_list(one: Instruction, stage: Stage) -> None:
    require(
        stage.moves or "--mount" in one.rest or any(c.endswith("requirements.txt") for c in stage.files.values()),
        "Dockerfile: the packages are installed before requirements.txt is there",
        why="the build stops there: a layer knows only what the lines above it copied",
        where="COPY requirements.txt before RUN pip install",
    )


def _no_shell(words: Sequence[str]) -> bool:
    """Require that no shell stays; true if one fills in variables and is then replaced by the server."""
    shell = bool(words) and PurePosixPath(words[0]).name in ("sh", "bash", "dash") and "-c" in words
    require(
        not shell or "exec " in words[-1],
        "Dockerfile: a shell stands between the container and the server",
        seen=" ".join(words),
        why="the signal to stop goes to the shell: the server does not hear it, and is killed in mid-answer",
        where='the program itself in the JSON list: ["python", "server.py"]',
    )
    return shell


def _libraries(stage: Stage) -> None:
    require(
        not re.search(r"(^|/)python:.*slim", stage.base)
        or re.search(r"libgomp|gcc|g\+\+|build-essential", stage.programs),
        "Dockerfile: LightGBM's library libgomp1 is not in the image",
        why="the packages install, and the server ends when it loads the model: libgomp.so.1 cannot be opened",
        where="a slim base has not got it: apt-get install libgomp1 in the last stage",
    )


def _places(stage: Stage, words: Sequence[str]) -> None:
    """Require that CMD names the server's path, and SM_MODEL_DIR the model's."""
    script = next((word for word in words if PurePosixPath(word).name == "server.py"), "")
    require(
        not script or stage.files.get(stage.inside(script)) == "server.py",
        "Dockerfile: the server is not where CMD looks for it",
        seen=f"{stage.inside(script)}; files at {', '.join(map(str, stage.files))}",
        why="the container ends as soon as it starts",
        where="WORKDIR, the target of COPY in the last stage, and the path in CMD, in which nothing fills in variables",
    )
    given = [word.partition("=")[2] for word in words if word.startswith("SM_MODEL_DIR=")]
    variable = given[0] if given else stage.variables.get("SM_MODEL_DIR", "")
    require(
        variable,
        "Dockerfile: the server is not told where the model is",
        why="it looks for the variable when it starts, does not find it, and ends",
        where="ENV SM_MODEL_DIR in the last stage",
    )
    for name in ("model.joblib", "code/inference.py"):
        require(
            stage.files.get(stage.inside(variable) / name) == f"model/{name}",
            f"Dockerfile: {name} is not where SM_MODEL_DIR says",
            seen=f"SM_MODEL_DIR={variable}; files at {', '.join(map(str, stage.files))}",
            why="the server ends when it loads the model, or the script beside it",
            where="COPY of a folder copies what is in it; its target is what SM_MODEL_DIR must hold",
        )


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
        if any(_pattern(rule).fullmatch(one) for one in (path, *above)):
            out = not takes_back
    return out


def _pattern(rule: str) -> re.Pattern[str]:
    """Compile a pattern of Docker's: `*` and `?` within a name, `**` for any number of folders."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^]]*\])", rule)
    spelled = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(
            spelled.get(part) or (part if part.startswith("[") and part.endswith("]") else re.escape(part))
            for part in parts
        )
    )
