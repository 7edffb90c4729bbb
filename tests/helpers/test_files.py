"""A file is written whole or not at all."""

import signal
import subprocess
import sys

import pytest

from helpers.internal.files import replacing, write_whole


def test_a_file_is_made_with_its_folders(tmp_path):
    write_whole(tmp_path / "new" / "file.json", b"{}")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "new").iterdir()] == [("file.json", b"{}")]


def test_the_old_content_stays_until_the_new_is_whole(tmp_path):
    write_whole(path := tmp_path / "file", b"old")
    with replacing(path) as draft:
        draft.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    write_whole(path := tmp_path / "file", b"old")
    with pytest.raises(OSError, match="No space left"), replacing(path) as draft:
        draft.write_bytes(b"half")
        raise OSError(28, "No space left on device")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


KILLED = """
import os, pathlib, signal, sys
from helpers.internal.files import replacing
with replacing(pathlib.Path(sys.argv[1])) as draft:
    draft.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_writer_removes_what_a_killed_one_left_and_nothing_of_a_living_one(tmp_path):
    write_whole(path := tmp_path / "file", b"old")
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2
    with replacing(path) as draft:
        write_whole(path, b"new")
        assert set(tmp_path.iterdir()) == {path, draft}
    assert list(tmp_path.iterdir()) == [path]
