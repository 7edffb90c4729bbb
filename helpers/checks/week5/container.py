"""Task `container`: a Dockerfile and a .dockerignore for the context that the notebook describes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from shutil import rmtree
from typing import Any

from helpers.aws import serve
from helpers.aws.archives import unpack
from helpers.checks import call, isolated, require, returns
from helpers.checks.week5 import healthcheck, image
from helpers.checks.week5.dockerfiles import (
    PING,
    PORT,
    SECRET,
    SECRET_NAME,
    Instruction,
    ignored,
    lint,
    parse,
    pattern,
    variables_of,
)

NEEDED = ("server.py", "model/model.joblib", "model/code/inference.py", "requirements.txt")
OLDEST = (3, 11)  # the Python for which the packages of requirements.txt exist


class Build:
    """A Dockerfile and a .dockerignore, with the context that they are for: its paths with their sizes in bytes."""

    def __init__(self, texts: Mapping[str, str], context: Mapping[str, int]) -> None:
        self.text, self.ignore, self.context = texts["Dockerfile"], texts[".dockerignore"], context
        self.instructions = parse(self.text)
        require(
            any(one.word == "FROM" for one in self.instructions),
            "Dockerfile: there is no FROM",
            why="an image begins with a base",
            where="the first instruction",
        )
        self.sent = [path for path in context if not ignored(path, self.ignore)]

    @cached_property
    def stages(self) -> list[image.Stage]:
        """The stages, as if nothing that is needed were left out: of what is, another part speaks."""
        return image.stages(self.instructions, [*{*self.sent, *(one for one in NEEDED if one in self.context)}])

    @property
    def last(self) -> image.Stage:
        """The stage that is the image."""
        return self.stages[-1]


def described(function: Callable[..., Any], context: Mapping[str, int]) -> Build:
    """Read Dockerfile and .dockerignore for a context: its paths with their sizes in bytes."""
    found = returns(call(function), dict, "the two texts")
    for name in ("Dockerfile", ".dockerignore"):
        require(isinstance(found.get(name), str), f"there is no text {name!r}", where="the docstring names both")
    return Build({name: str(text) for name, text in found.items()}, context)


def small_context(build: Build) -> None:
    """Require that what a build sends to the builder is what the image needs."""
    needed = [path for path in build.context if path.startswith(("model/", "server.py", "requirements.txt"))]
    lost = [path for path in needed if path not in build.sent]
    require(
        not lost,
        ".dockerignore: it keeps out what the image needs",
        seen=", ".join(lost),
        where="a later line with `!` takes a path back; is a pattern too wide?",
    )
    spare = ("Dockerfile", ".dockerignore", "README.md")
    rest = [path for path in build.sent if path not in needed and path not in spare]
    require(
        not rest,
        ".dockerignore: it lets through what the image does not need",
        seen=lambda: ", ".join(f"{path} ({build.context[path] / 1e6:.0f} MB)" for path in rest),
        why="every build sends all of it to the builder, and `COPY . .` puts it into the image: "
        "data, history and secrets among it",
        where="list folders (.git, data, notebooks), or begin with `*` and take back what is needed with `!`",
    )


def no_secrets(build: Build) -> None:
    """Require that no layer holds a secret: what was once in one can be read from the image for ever."""
    why = "layers keep everything: whoever can pull the image can read it, even if a later line deletes it"
    for one in build.instructions:
        names = variables_of(one.rest) if one.word == "ENV" else [one.rest.partition("=")[0]]
        named = one.word in ("ENV", "ARG") and any(SECRET_NAME.search(name) for name in names)
        require(
            not named and not SECRET.search(one.rest),
            f"Dockerfile: a secret in {one.word}",
            why=why,
            where="hand secrets over when the container starts, or with `RUN --mount=type=secret`",
        )
    secret = [path for path in build.sent if _is_secret(path)]
    copied = [path for path in secret for source in _sources(build.instructions) if _under(path, source)]
    require(
        not copied,
        ".dockerignore: a file with secrets goes into the image",
        seen=", ".join(copied),
        why=why,
        where="list it in .dockerignore, and copy files by name",
    )


def _is_secret(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return parts[-1].startswith(".env") or ".aws" in parts or parts[-1].endswith((".pem", ".key"))


def _sources(instructions: Sequence[Instruction]) -> Iterator[str]:
    """Yield the sources that are copied from the context."""
    for one in instructions:
        if one.word in ("COPY", "ADD") and not any(flag.startswith("--from") for flag in one.flags):
            yield from (item for item in one.items[:-1] if not item.startswith("<<"))


def _under(path: str, source: str) -> bool:
    clean = source.strip("/").removeprefix("./").rstrip("/")
    if clean in ("", "."):
        return True
    return any(pattern(clean).fullmatch(str(one)) for one in (path, *PurePosixPath(path).parents))


def pinned_base(build: Build) -> None:
    """Require that the same Dockerfile gives the same base next year."""
    stages: set[str] = set()
    for one in build.instructions:
        if one.word != "FROM":
            continue
        base = one.items[0] if one.items else ""
        if base not in stages and base != "scratch":
            tag = base.rpartition(":")[2] if ":" in base.rpartition("/")[2] else ""
            require(
                re.search(r"@sha256:[0-9a-f]{64}$", base) or re.match(r"v?\d+\.\d+\.\d+(-|$)", tag),
                "Dockerfile: the base image is not pinned",
                seen=base,
                why="`latest`, `3.11` or `slim` name another image next month: a build that worked cannot be repeated",
                where="FROM with a full version (three numbers), or with a digest: `@sha256:…`",
            )
        stages |= {one.items[-1]} if len(one.items) == 3 and one.items[1].upper() == "AS" else set()


def packages(build: Build) -> None:
    """Require that the Python which CMD starts finds what requirements.txt lists."""
    last = build.last
    everywhere = [one for stage in build.stages for one in stage.packages.values() if one.kind != image.PACKED]
    require(
        everywhere,
        "Dockerfile: the packages of requirements.txt are not installed",
        why="without the versions that the model was made with, it cannot be loaded, or predicts otherwise",
        where="RUN pip install --no-cache-dir -r requirements.txt",
    )
    here = {root: one for root, one in last.packages.items() if one.kind != image.PACKED}
    require(
        here or last.moves,
        "Dockerfile: the packages are installed in a stage that is left behind",
        why="only the last stage is the image: it starts, and finds no scikit-learn",
        where="COPY --from=STAGE of where they were installed, or install in the last stage",
    )
    if last.moves or "?" in here or not last.known:
        return
    new = not last.python or tuple(map(int, last.python.split("."))) >= OLDEST
    require(
        new, "Dockerfile: this Python is too old for requirements.txt", seen=last.base, where="Python 3.11 or newer"
    )
    seen = f"packages at {', '.join(here)}; PATH {last.variables.get('PATH', 'as in the base')}"
    _finds(last, here, seen)


def _finds(last: image.Stage, here: Mapping[str, image.Packages], seen: str) -> None:
    """Require packages where the server's Python looks for them, and made for it."""
    python = _python(last)
    why = "the server ends when it imports the first of them"
    require(
        python,
        "Dockerfile: CMD starts a Python that is not in the image, or not on PATH",
        seen=seen,
        why="the container ends as soon as it starts",
        where="a virtual environment is used by its own path, or by PATH in the last stage",
    )
    version = last.venvs.get(python, last.python)
    found = [root for root in _looked_at(last, python) if root in here]
    require(
        found,
        "Dockerfile: the packages are not where the server's Python looks",
        seen=f"{seen}; the Python of {python}",
        why=why,
        where="a virtual environment must be on PATH, with the path at which the last stage has it; what `pip --user` "
        "installs belongs to one user, and nobody but root can read /root",
    )
    fits = [root for root in found if not version or here[root].python in ("", version)]
    fits = [root for root in fits if not (last.family and here[root].libc) or here[root].libc == last.family]
    same = python not in last.venvs or not last.python or last.venvs[python] in ("", last.python)
    require(
        fits and same,
        "Dockerfile: the packages are of another Python, or of another system, than the last stage",
        seen=f"{seen}; base {last.base}",
        why=f"a virtual environment is a link to its Python, and compiled code fits one version: {why}",
        where="the same base in both stages",
    )


def _python(last: image.Stage) -> str:
    """Return the folder of the Python that CMD starts, a virtual environment or the base's; empty where it is none."""
    words = [word for word in last.words() if word not in ("tini", "dumb-init", "/usr/bin/tini", "--", "-g", "exec")]
    words = [word for word in words if not re.fullmatch(r"\w+=.*|/usr/bin/env|env", word)]
    program = words[0] if words else ""
    if "/" in program:
        root = str(PurePosixPath(last.inside(program)).parent.parent)
        return root if root in last.venvs or root in (image.SYSTEM, "/usr") else ""
    return next(last.pythons(), "") if re.fullmatch(r"python[\d.]*", program) else ""


def _looked_at(last: image.Stage, python: str) -> Iterator[str]:
    """Yield the folders in which a Python looks for packages."""
    yield python
    for place in filter(None, last.variables.get("PYTHONPATH", "").split(":")):
        yield place.rstrip("/")
        yield re.sub(r"/lib/python[\d.]+/(site|dist)-packages/?$", "", place)
    root = last.user in ("", "root", "0")
    if python not in last.venvs:
        own = last.variables.get("PYTHONUSERBASE") or f"{last.home.rstrip('/')}/.local"
        if root or not own.startswith("/root"):
            yield own


def library(build: Build) -> None:
    """Require the library that LightGBM's trees need."""
    last = build.last
    there = any(re.match(r"(libgomp|gcc|g\+\+|build-(essential|base)|clang|libomp)", name) for name in last.programs)
    require(
        there or last.plain or not last.known or (last.of_python and not last.python),
        "Dockerfile: LightGBM's library libgomp1 is not in the image",
        seen=last.base,
        why="the packages install, and the server ends when it loads the model: libgomp.so.1 cannot be opened",
        where="a slim base has not got it: apt-get install libgomp1 in the last stage",
    )


def layers(build: Build) -> None:
    """Require that nothing is installed below the model and the server, which change often."""
    for stage in build.stages:
        early = ""
        for one in stage.chain:
            if one.word in ("COPY", "ADD"):
                often = [s for s in _sources([one]) if _under("model/model.joblib", s) or _under("server.py", s)]
                early = early or " ".join(often)
            tools = [words[:1] for words in image.commands(one.rest)] if one.word == "RUN" else []
            installs = re.search(r"\b(install|add|sync)\b", one.rest) and any(
                re.search(r"(^|/)(pip[\d.]*|uv|python[\d.]*|apt-get|apt|apk|conda|poetry)$", name[0])
                for name in tools
                if name
            )
            require(
                not (early and one.word == "RUN" and installs),
                "Dockerfile: the model or the server is copied before the packages are installed",
                seen=f"COPY {early}",
                why="a layer is built anew when anything above it has changed: each new model installs all packages "
                "again, minutes for a change of a file",
                where="COPY requirements.txt alone, install, and only then COPY the rest",
            )
    installed = any(stage.packages for stage in build.stages)
    require(installed, "Dockerfile: the packages of requirements.txt are not installed", where="RUN pip install")


def not_root(build: Build) -> None:
    """Require that the server runs as a user who is not root, by number."""
    user = build.last.user
    require(
        user not in ("root", "0", ""),
        "Dockerfile: the container runs as root",
        seen=f"USER {user}" if user else "no USER in the last stage",
        why="a hole in the server is then a hole in the container, and root there is half way to root on the node",
        where="make a user with RUN useradd, and USER it after the last line that needs root",
    )
    require(
        user.isdigit(),
        "Dockerfile: USER is a name",
        seen=f"USER {user}",
        why="Kubernetes' runAsNonRoot cannot tell whether a name is root, and refuses to start the container",
        where="USER with the user's number, for example 10001",
    )


def health(build: Build) -> None:
    """Require a health check that asks the server, with a program of the image, and whose end says the answer."""
    last = build.last
    require(
        last.health and last.health.upper() != "NONE",
        "Dockerfile: there is no HEALTHCHECK",
        why="a process that hangs still runs: without a question to it, nobody knows",
        where=f"HEALTHCHECK CMD [...] that asks http://127.0.0.1:{PORT}{PING}",
    )
    words = _asked(last.health)
    tried = isolated(healthcheck.try_words, words, dict(last.variables), _programs(last))
    require(
        not tried["missing"],
        f"Dockerfile: HEALTHCHECK calls {tried['missing']}, which is not in the image",
        seen=last.health,
        why="a slim base has no such program: the check fails always, and the container is restarted for ever",
        where="Python is there: `python -c` with urllib.request",
    )
    _tells_well_from_ill(last.health, tried)


def _tells_well_from_ill(check: str, tried: Mapping[str, Any]) -> None:
    """Require that a health check succeeds where the server is well, and fails where it is not."""
    require(
        tried["well"] == 0,
        "Dockerfile: HEALTHCHECK does not ask the server's own address",
        seen=f"{check}: it ends with {tried['well']} where {PING} on port {PORT} answers 200",
        why="whatever it asks, it does not find out whether a prediction could be made",
        where=f"port {PORT}, path {PING}",
    )
    for state, when in (("ill", "although the server answers 503"), ("gone", "although nobody listens")):
        require(
            tried[state] != 0,
            f"Dockerfile: HEALTHCHECK says that all is well {when}",
            seen=check,
            why="a check that cannot fail finds nothing",
            where="how it ends: curl needs --fail; `|| true` and a `;` swallow the status; urlopen raises by itself",
        )


def _asked(text: str) -> list[str]:
    rest = re.sub(r"^CMD\s+", "", text.strip(), flags=re.IGNORECASE)
    try:
        listed = json.loads(rest)
    except ValueError:
        return ["sh", "-c", rest]
    return [str(word) for word in listed] if isinstance(listed, list) and listed else ["sh", "-c", rest]


def _programs(last: image.Stage) -> list[str]:
    """Return the programs of a health check that are in the image; all of them where the base is not known."""
    every = ["curl", "wget", "python", "python3"]
    if not last.known or (last.of_python and not last.python):
        return [*every, *(f"{root}/bin/{name}" for root in (*last.venvs, image.SYSTEM) for name in every[2:])]
    found = {name for name in ("curl", "wget") if name in last.programs or last.plain}
    found |= {"wget"} if last.family == "alpine" else set()
    roots = [*last.venvs, *([image.SYSTEM] if last.of_python else [])]
    if any(last.pythons()):
        found |= {"python", "python3"}
    return [*found, *(f"{root}/bin/{name}" for root in roots for name in ("python", "python3"))]


def starts(build: Build) -> None:
    """Require that the container starts the server, finds it and its model, and lets signals reach it."""
    last, words = build.last, build.last.words()
    require(
        any("server.py" in word or word == "server" for word in words),
        "Dockerfile: the container does not start the server",
        seen=" ".join(words),
        where='CMD ["python", "server.py"], with the path where you copied it',
    )
    require(
        all(last.listed.values()),
        "Dockerfile: CMD or ENTRYPOINT is not in the exec form",
        why="a shell stands between: the signal to stop does not reach the server, and it is killed in mid-answer",
        where='a JSON list: ["python", "server.py"]',
    )
    given = [*last.command.get("ENTRYPOINT", []), *last.command.get("CMD", [])]
    shell = PurePosixPath(given[0]).name in ("sh", "bash", "dash") and given[1:2] == ["-c"]
    require(
        not shell or re.match(r"(.*(&&|;)\s*)?exec\s", given[2] if len(given) > 2 else ""),
        "Dockerfile: a shell stands between the container and the server",
        seen=" ".join(given),
        why="the signal to stop goes to the shell: the server does not hear it, and is killed in mid-answer",
        where='the program itself in the JSON list: ["python", "server.py"]',
    )
    if not last.moves:  # what a RUN moves about, no Dockerfile tells
        _in_place(last, words)


def _in_place(last: image.Stage, words: Sequence[str]) -> None:
    """Require that CMD names the server's path, and SM_MODEL_DIR the model's."""
    for name in ("server.py", "model/model.joblib", "model/code/inference.py"):
        require(
            name in last.files.values(),
            f"Dockerfile: {name} does not get into the image",
            why="the container ends as soon as it starts",
            where="COPY it in the last stage",
        )
        require(
            name not in last.unreadable or last.user in ("", "root", "0"),
            f"Dockerfile: the server may not read {name}",
            where="--chmod that lets others read, or --chown for the user",
        )
    _found_by_its_command(last, words)
    given = [word.partition("=")[2] for word in words if word.startswith("SM_MODEL_DIR=")]
    variable = given[0] if given else last.variables.get("SM_MODEL_DIR", "")
    require(
        variable,
        "Dockerfile: the server is not told where the model is",
        why="it looks for the variable when it starts, does not find it, and ends",
        where="ENV SM_MODEL_DIR in the last stage",
    )
    port = last.variables.get("SAGEMAKER_BIND_TO_PORT", str(PORT))
    require(port == str(PORT), "Dockerfile: the server listens on another port", seen=port, where=f"port {PORT}")
    _model_at(last, variable)


def _found_by_its_command(last: image.Stage, words: Sequence[str]) -> None:
    """Require that the server lies where CMD looks for it."""
    script = next((word for word in words if PurePosixPath(word).name == "server.py"), "server.py")
    require(
        last.files.get(last.inside(script)) == "server.py",
        "Dockerfile: the server is not where CMD looks for it",
        seen=f"{last.inside(script)}; files at {', '.join(map(str, last.files))}",
        why="the container ends as soon as it starts",
        where="WORKDIR, the target of COPY in the last stage, and the path in CMD, in which nothing fills in variables",
    )


def _model_at(last: image.Stage, variable: str) -> None:
    """Require that the model and its script lie where SM_MODEL_DIR says."""
    for name in ("model.joblib", "code/inference.py"):
        require(
            last.files.get(last.inside(variable) / name) == f"model/{name}",
            f"Dockerfile: {name} is not where SM_MODEL_DIR says",
            seen=f"SM_MODEL_DIR={variable}; files at {', '.join(map(str, last.files))}",
            why="the server ends when it loads the model, or the script beside it",
            where="COPY of a folder copies what is in it; its target is what SM_MODEL_DIR must hold",
        )


def copies_what_is_there(build: Build) -> None:
    """Require that what is copied or lent to the build is in the context."""
    mounted = [source for one in build.instructions if one.word == "RUN" for _, source in image.mounts(one.rest)]
    for source in (*_sources(build.instructions), *mounted):
        require(
            any(_under(path, source) for path in (*build.sent, *(one for one in NEEDED if one in build.context))),
            f"Dockerfile: {'COPY' if source not in mounted else '--mount'} of something that is not in the context",
            seen=source,
            why="the build stops there",
            where="paths are seen from the context's folder",
        )


def builds(build: Build) -> None:
    """Require that the build gets through, and that hadolint finds neither errors nor warnings."""
    copies_what_is_there(build)
    lint(build.text)


CHECKS: tuple[Callable[[Build], None], ...] = (
    *(pinned_base, no_secrets, not_root, small_context, copies_what_is_there, packages, library, layers, health),
    *(starts, builds),
)


def write_context(folder: Path, texts: Mapping[str, str], archive: bytes) -> Path:
    """Write what an image is built from: the texts, the server, the requirements and the unpacked archive."""
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unpack(archive, folder / "model")
    requirements = folder / "model" / "code" / "requirements.txt"
    server = Path(serve.__file__).read_text(encoding="utf-8")
    files = {**texts, "server.py": server, "requirements.txt": requirements.read_text(encoding="utf-8")}
    for name, text in files.items():
        (folder / PurePosixPath(name).name).write_text(text, encoding="utf-8")
    return folder
