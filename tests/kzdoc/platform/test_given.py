"""Files that people name: regular ones alone, never more of them than their limit."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from kzdoc.errors import InputError, KzdocError
from kzdoc.platform.files import file_errors, open_given, read_given, read_stream


def refusal(path: Path, limit: int = 10) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(InputError) as caught:
        read_given(path, limit=limit)
    return caught.value.code


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"0123456789")
    assert read_given(file, limit=10) == b"0123456789"
    assert refusal(file, 9) == "file.too-large"
    with open_given(file) as opened:
        assert opened.read() == b"0123456789"


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing") == "file.not-read"
    assert refusal(tmp_path) == "file.not-read"
    assert refusal(Path("zero\0inside")) == "file.not-read"


@pytest.mark.skipif(sys.platform == "win32", reason="devices and pipes are files there is no name for")
def test_devices_and_pipes_are_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[str] = []
    trying = threading.Thread(target=lambda: found.append(refusal(pipe)), daemon=True)
    trying.start()
    trying.join(5)
    assert found == ["file.not-read"]
    assert refusal(Path("/dev/zero")) == "file.not-read"
    link = tmp_path / "link"
    link.symlink_to("/dev/zero")
    assert refusal(link) == "file.not-read"


def test_a_stream_is_bounded_too() -> None:
    assert read_stream(io.BytesIO(b"abc"), limit=3) == b"abc"
    with pytest.raises(InputError, match=r"file\.too-large"):
        read_stream(io.BytesIO(b"abcd"), limit=3)


@pytest.mark.skipif(sys.platform == "win32", reason="the system says no-access there")
def test_a_folder_raises_no_alarm_about_the_disk(tmp_path: Path) -> None:
    with pytest.raises(KzdocError, match=r"platform\.not-a-file"), file_errors():
        tmp_path.open("rb")
