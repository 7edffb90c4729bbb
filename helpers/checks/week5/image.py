"""What a Dockerfile makes: for each stage its files, users, variables, programs, and where its packages are.

Nothing is built. What a Dockerfile does not tell (an unknown base, files that a RUN moves) is not held against it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from helpers.checks.core import require
from helpers.checks.week5.dockerfiles import Instruction, filled, pattern, variables_of, words_of

SYSTEM = "/usr/local"  # where the image `python` has its Python
DEFAULT_PATH = ("/usr/local/bin", "/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
MANAGERS = {"apt-get": "debian", "apt": "debian", "apk": "alpine"}
PACKED = "packed"  # a folder of wheels: packages that are yet to be installed


@dataclass(frozen=True)
class Packages:
    """The packages of requirements.txt below a folder: how they lie there, and for which Python."""

    kind: str  # "venv", "prefix" (lib/pythonX/site-packages below it), "flat" or "packed"
    python: str
    libc: str


@dataclass
class Stage:
    """One stage, as far as its Dockerfile tells."""

    base: str = ""
    python: str = ""  # "3.11"; empty where the base does not say
    family: str = ""  # "debian" or "alpine"; empty where the base does not say
    files: dict[PurePosixPath, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    folder: PurePosixPath = field(default_factory=lambda: PurePosixPath("/"))
    user: str = ""
    homes: dict[str, str] = field(default_factory=lambda: {"": "/root", "root": "/root", "0": "/root"})
    venvs: dict[str, str] = field(default_factory=dict)  # by folder, the Python of each
    packages: dict[str, Packages] = field(default_factory=dict)  # by folder
    programs: set[str] = field(default_factory=set)  # what a package manager was asked for
    moves: bool = False  # a RUN moves files about
    unreadable: set[str] = field(default_factory=set)  # files that only root may read
    command: dict[str, list[str]] = field(default_factory=dict)
    listed: dict[str, bool] = field(default_factory=dict)  # of CMD and ENTRYPOINT: in the exec form
    own: set[str] = field(default_factory=set)  # which of the two this stage gives itself
    health: str = ""
    chain: list[Instruction] = field(default_factory=list)  # its instructions, with those of the stages below it

    @property
    def plain(self) -> bool:
        """True for an image `python` that has more than the slim ones: compilers, curl, wget."""
        tag = self.base.partition("@")[0].rpartition(":")[2]
        return self.of_python and bool(self.python) and not re.search(r"slim|alpine", tag)

    @property
    def of_python(self) -> bool:
        """True where the base is the image `python`."""
        return re.search(r"(^|/)python([:@]|$)", self.base) is not None

    @property
    def known(self) -> bool:
        """True where the base is one of which it is known where its Python is."""
        return self.of_python or re.search(r"(^|/)(debian|ubuntu|alpine)([:@]|$)", self.base) is not None

    @property
    def home(self) -> str:
        """Return the home of the user."""
        return self.variables.get("HOME") or self.homes.get(self.user, "/")

    def inside(self, path: str) -> PurePosixPath:
        """Return a path as the stage sees it."""
        return PurePosixPath(posixpath.normpath(self.folder / path))

    def pythons(self, path: str = "") -> Iterator[str]:
        """Yield the folders of the Pythons on the path, the first one first."""
        for place in _places_of(path or self.variables.get("PATH", "")):
            root = posixpath.dirname(place)
            if posixpath.basename(place) == "bin" and (root in self.venvs or (root == SYSTEM and self.of_python)):
                yield root
            elif place == "/usr/bin" and ("python3" in self.programs or not self.known):
                yield "/usr"

    def words(self) -> list[str]:
        """Return what the container starts, a shell around it taken off and variables filled in."""
        words = [*self.command.get("ENTRYPOINT", []), *self.command.get("CMD", [])]
        if len(words) > 2 and PurePosixPath(words[0]).name in ("sh", "bash", "dash") and words[1].endswith("c"):
            words = [filled(word, self.variables) for word in words_of(words[2])]
            words = words[1:] if words[:1] == ["exec"] else words
        return words


def _places_of(path: str) -> Iterator[str]:
    for place in path.split(":") if path else ["$PATH"]:
        if place in ("$PATH", "${PATH}"):
            yield from DEFAULT_PATH
        else:
            yield posixpath.normpath(place) if place else "."


def stages(instructions: Sequence[Instruction], sent: Sequence[str]) -> list[Stage]:
    """Follow a Dockerfile from the files that are ``sent`` to the builder; the last stage is the image."""
    known, found = dict[str, Stage](), list[Stage]()
    for one in instructions:
        if one.word == "FROM":
            image, *more = [*one.items, ""]
            found.append(_begun(image, known))
            known[str(one.stage)] = found[-1]
            if len(more) > 2 and more[0].upper() == "AS":
                known[more[1]] = found[-1]
        elif found:
            found[-1].chain.append(one)
            if action := _ACTIONS.get(one.word):
                action(one, found[-1], known, sent)
    return found


def _begun(image: str, known: Mapping[str, Stage]) -> Stage:
    if image in known:
        stage = deepcopy(known[image])
        stage.own = set()
        return stage
    stage = Stage(base=image)
    tag = image.partition("@")[0].rpartition(":")[2]
    numbers = re.match(r"(\d+\.\d+)", tag)
    stage.python = numbers[1] if stage.of_python and numbers else ""
    if stage.known and tag:
        stage.family = "alpine" if "alpine" in image else "debian" if stage.python or not stage.of_python else ""
    return stage


# --- instructions ---


def _workdir(one: Instruction, stage: Stage, *_: object) -> None:
    stage.folder = stage.inside(one.rest.strip("\"'"))


def _env(one: Instruction, stage: Stage, *_: object) -> None:
    stage.variables |= variables_of(one.rest)


def _user(one: Instruction, stage: Stage, *_: object) -> None:
    stage.user = one.rest.split(":")[0].strip().strip("\"'")


def _started(one: Instruction, stage: Stage, *_: object) -> None:
    stage.command[one.word], stage.listed[one.word] = one.items, one.rest.lstrip().startswith("[")
    stage.own.add(one.word)
    if one.word == "ENTRYPOINT" and "CMD" not in stage.own:  # what the base starts is gone
        stage.command.pop("CMD", None)
        stage.listed.pop("CMD", None)


def _health(one: Instruction, stage: Stage, *_: object) -> None:
    stage.health = one.rest.strip()


def _copy(one: Instruction, stage: Stage, known: Mapping[str, Stage], sent: Sequence[str]) -> None:
    if len(one.items) < 2:
        return
    sources, target = [item for item in one.items[:-1] if not item.startswith("<<")], one.items[-1]
    flags = dict(flag[2:].partition("=")[::2] for flag in one.flags)
    if "from" not in flags:
        _copied(sources, target, stage, {path: path for path in sent}, flags)
    elif (origin := known.get(flags["from"])) is not None:
        stage.moves |= origin.moves
        _copied(sources, target, stage, {str(path)[1:]: what for path, what in origin.files.items()}, flags)
        for source in sources:
            _copy_packages(str(origin.inside("/" + source.lstrip("/"))), str(stage.inside(target)), stage, origin)
    else:
        stage.programs.update(re.findall(r"\w+", flags["from"]))  # COPY --from=ghcr.io/astral-sh/uv


def _copied(
    sources: Sequence[str], target: str, stage: Stage, files: Mapping[str, str], flags: Mapping[str, str]
) -> None:
    """Copy: of a folder what is in it, a file under its own name if the target is a folder."""
    place = stage.inside(target)
    folders = {stage.folder, *(above for path in stage.files for above in path.parents)}
    into = target.endswith(("/", ".")) or place in folders or len(sources) > 1
    closed = re.fullmatch(r"[0-7]*[0-3]", flags.get("chmod", "")) is not None and "chown" not in flags
    for path, content in files.items():
        for source in (posixpath.normpath(one).strip("/") for one in sources):
            whole = [PurePosixPath(path), *PurePosixPath(path).parents][:-1]
            found = [one for one in whole if source == "." or pattern(source).fullmatch(str(one))]
            if not found:
                continue
            top = PurePosixPath(".") if source == "." else found[-1]
            rest = PurePosixPath(path).relative_to(top)
            many = into or "*" in source
            to = place / rest if str(rest) != "." else (place / top.name if many else place)
            stage.files[to] = content
            stage.unreadable |= {content} if closed else set()


def _copy_packages(source: str, target: str, stage: Stage, origin: Stage) -> None:
    """Copy environments and packages: whole folders with all in them, or the packages alone."""
    for root, python in list(origin.venvs.items()):
        if _below(root, source):
            stage.venvs[posixpath.normpath(target + root.removeprefix(source.rstrip("/")))] = python
    for root, packages in list(origin.packages.items()):
        if _below(root, source):
            stage.packages[posixpath.normpath(target + root.removeprefix(source.rstrip("/")))] = packages
        elif _below(source, root):
            _copy_part(source.removeprefix(root), target, stage, packages)


def _copy_part(part: str, target: str, stage: Stage, packages: Packages) -> None:
    """Copy what lies within a folder of packages: `lib`, `lib/python3.11` or `lib/python3.11/site-packages` of it."""
    whole = f"/lib/python{packages.python or '*'}/site-packages"
    if not (pattern(whole).fullmatch(part) or whole.startswith(part + "/") or "*" in part):
        return
    if re.search(r"(site|dist)-packages/?$", target) and (found := re.search(r"^(.*)/lib/python([\d.]+)/", target)):
        same = not packages.python or found[2] == packages.python
        python = packages.python if same else "another"  # a folder that this Python looks into, of another one's
        stage.packages[found[1] or "/"] = Packages("prefix", python, packages.libc)
    elif part == "/lib" and posixpath.basename(target) == "lib":
        stage.packages[posixpath.dirname(target)] = Packages("prefix", packages.python, packages.libc)
    elif whole == part or "*" in whole:
        stage.packages[target] = Packages("flat", packages.python, packages.libc)


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


# --- commands of a RUN ---


def _run(one: Instruction, stage: Stage, *_more: object) -> None:
    here = deepcopy(stage.variables)
    mounted = dict(mounts(one.rest))
    for words in commands(re.sub(r"--(mount|network|security)=\S+", " ", one.rest)):
        while words and re.fullmatch(r"\w+=.*", words[0]):
            name, _, value = words.pop(0).partition("=")
            here[name] = filled(value, here)
        if not words:
            continue
        program, rest = posixpath.basename(words[0]), words[1:]
        if program == "export":
            here |= {name: filled(value, here) for name, _, value in (word.partition("=") for word in rest)}
        elif program in (".", "source") and rest and rest[0].endswith("/bin/activate"):
            here["PATH"] = f"{stage.inside(rest[0]).parent}:{here.get('PATH', '$PATH')}"
        elif program in MANAGERS:
            _install_programs(program, rest, stage)
        elif program in ("useradd", "adduser"):
            _add_user(program, rest, stage)
        elif program in ("mv", "cp", "ln", "tar", "unzip", "rsync", "install"):
            stage.moves = True
        else:
            _python_tool(words, stage, here, mounted)


def commands(text: str) -> Iterator[list[str]]:
    """Yield the simple commands of a shell's text, as words."""
    for part in re.split(r"&&|\|\||;|\||\n", text):
        words = [word for word in words_of(part.strip()) if word not in ("(", ")", "{", "}", "then", "do", "!")]
        words = words[1:] if words[:1] in (["sudo"], ["exec"], ["time"]) else words
        if words[:1] and posixpath.basename(words[0]) in ("sh", "bash", "dash") and "-c" in words[1:2]:
            yield from commands(words[2] if len(words) > 2 else "")
        elif words:
            yield words


def mounts(text: str) -> Iterator[tuple[str, str]]:
    """Yield where a RUN sees files of the context, and which."""
    for mount in re.findall(r"--mount=(\S+)", text):
        given = dict(part.partition("=")[::2] for part in mount.split(","))
        if given.get("type", "bind") == "bind" and "from" not in given:
            source = given.get("source") or given.get("src") or "."
            yield given.get("target") or given.get("dst") or given.get("destination") or "", source


def _install_programs(program: str, rest: Sequence[str], stage: Stage) -> None:
    require(
        not stage.family or stage.family == MANAGERS[program],
        f"Dockerfile: {program} is not in this base",
        seen=stage.base,
        why="the build stops there",
        where="Debian's images have apt-get, Alpine's have apk",
    )
    require(
        stage.user in ("", "root", "0"),
        f"Dockerfile: {program} runs as a user who may not install",
        seen=f"USER {stage.user}",
        why="the build stops there: permission denied",
        where="USER below the last line that needs root",
    )
    if {"install", "add"} & set(rest):
        stage.programs.update(word.partition("=")[0] for word in rest if not word.startswith("-"))


def _add_user(program: str, rest: Sequence[str], stage: Stage) -> None:
    options, name = _options(rest, "u", "uid", "d", "home", "home-dir", "h"), rest[-1] if rest else ""
    home = options.get("d") or options.get("home") or options.get("home-dir") or options.get("h") or f"/home/{name}"
    stage.homes |= {name: home, options.get("u") or options.get("uid") or name: home}


def _options(words: Sequence[str], *names: str) -> dict[str, str]:
    """Return the values of options, written as ``-u 1``, ``-u1``, ``--uid 1`` or ``--uid=1``."""
    found = {}
    for place, word in enumerate(words):
        for name in names:
            flag = f"-{name}" if len(name) == 1 else f"--{name}"
            if word == flag:
                found[name] = words[place + 1] if place + 1 < len(words) else ""
            elif word.startswith(flag + "="):
                found[name] = word[len(flag) + 1 :]
            elif len(name) == 1 and re.match(rf"-{name}[/\w.]", word) and not word.startswith("--"):
                found[name] = word[2:]
    return found


def _python_tool(words: list[str], stage: Stage, here: Mapping[str, str], mounted: Mapping[str, str]) -> None:
    program, rest = words[0], list(words[1:])
    name = posixpath.basename(program)
    if re.fullmatch(r"python[\d.]*", name) and rest[:1] == ["-m"] and len(rest) > 1:
        name, rest = rest[1], rest[2:]
    elif name == "uv" and rest:
        name, rest = {"venv": "venv", "pip": "uv pip"}.get(rest[0], "uv"), rest[1:]
    if name in ("venv", "virtualenv"):
        places = [word for word in rest if not word.startswith("-")]
        for place in places or [".venv"]:
            stage.venvs[str(stage.inside(filled(place, here)))] = stage.python
    elif re.fullmatch(r"(uv )?pip[\d.]*", name) and rest[:1] in (["install"], ["wheel"], ["sync"]):
        _pip(program, name, [filled(word, here) for word in rest], stage, here, mounted)
    elif any("requirements" in word for word in rest) and {"install", "sync", "add"} & set(rest):
        stage.packages["?"] = Packages("flat", "", "")  # conda and its like: where to, nobody can tell


def _pip(
    program: str, name: str, rest: Sequence[str], stage: Stage, here: Mapping[str, str], mounted: Mapping[str, str]
) -> None:
    lists = [word for word in rest if "requirements" in word and not word.startswith("--find-links")]
    packed = [word for word in rest for root, one in stage.packages.items() if one.kind == PACKED and root in word]
    if not lists and not packed:
        return
    for word in lists:
        _require_list(word.removeprefix("-r").removeprefix("--requirement="), stage, mounted)
    packages = Packages("prefix", stage.python, stage.family)
    places = _options(rest, "t", "target", "prefix", "w", "wheel-dir")
    flat, prefix = places.get("t") or places.get("target"), places.get("prefix")
    if rest[0] == "wheel":
        folder = places.get("w") or places.get("wheel-dir") or "."
        stage.packages[str(stage.inside(folder))] = Packages(PACKED, stage.python, stage.family)
    elif flat:
        stage.packages[str(stage.inside(flat))] = Packages("flat", stage.python, stage.family)
    elif prefix:
        stage.packages[str(stage.inside(prefix))] = packages
    elif "--user" in rest:
        stage.packages[here.get("PYTHONUSERBASE") or f"{stage.home.rstrip('/')}/.local"] = packages
    else:
        _into_environment(program, name, rest, stage, here, packages)


def _into_environment(
    program: str, name: str, rest: Sequence[str], stage: Stage, here: Mapping[str, str], packages: Packages
) -> None:
    if program.startswith("/"):
        root = posixpath.dirname(posixpath.dirname(posixpath.normpath(program)))
    elif "/" in program:
        root = str(stage.inside(program).parent.parent)
    else:
        root = next(stage.pythons(here.get("PATH", "")), SYSTEM)
    if name.startswith("uv"):
        wanted = _options(rest, "python", "p")
        chosen = (
            wanted.get("python") or wanted.get("p") or here.get("VIRTUAL_ENV") or here.get("UV_PROJECT_ENVIRONMENT")
        )
        own = str(stage.inside(".venv")) in stage.venvs
        root = SYSTEM if "--system" in rest or here.get("UV_SYSTEM_PYTHON") else chosen or root
        root = str(stage.inside(".venv")) if own and not chosen and "--system" not in rest else root
        root = root.removesuffix("/bin/python")
    if root in stage.venvs:
        packages = Packages("venv", stage.venvs[root], packages.libc)
    elif stage.user not in ("", "root", "0"):  # pip then installs for the user alone
        root = f"{stage.home.rstrip('/')}/.local"
    stage.packages[root] = packages


def _require_list(path: str, stage: Stage, mounted: Mapping[str, str]) -> None:
    place = str(stage.inside(path)) if path else ""
    lent = any(target and _below(place, str(stage.inside(target))) for target in mounted)
    there = {str(one) for one, content in stage.files.items() if content.endswith("requirements.txt")}
    require(
        stage.moves or lent or not path or path in ("-r", "--requirement") or place in there,
        "Dockerfile: the packages are installed before requirements.txt is there",
        seen=f"{place}; there are {', '.join(sorted(there)) or 'none'}",
        why="the build stops there: a layer knows only what the lines above it copied",
        where="COPY requirements.txt before RUN pip install, and to the path that pip is given",
    )


Action = Callable[[Instruction, Stage, Mapping[str, Stage], Sequence[str]], None]
_ACTIONS: dict[str, Action] = {
    "WORKDIR": _workdir,
    "ENV": _env,
    "USER": _user,
    "CMD": _started,
    "ENTRYPOINT": _started,
    "HEALTHCHECK": _health,
    "COPY": _copy,
    "ADD": _copy,
    "RUN": _run,
}
