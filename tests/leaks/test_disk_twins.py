"""The recorder and the search on programs that leak: each must be caught, or test_disk.py shows nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.leaks import canaries, theatre, trace, twins
from tests.leaks.furnish import furnish
from tests.leaks.test_disk import allowed, judge
from tests.leaks.trace import Trace

pytestmark = pytest.mark.skipif(trace.MISSING, reason="needs strace")


def recorded(tmp_path: Path, code: str) -> Trace:
    """Return what a twin did."""
    home = tmp_path / "home"
    (home / "papers").mkdir(parents=True)
    (home / "source").write_bytes(twins.value())
    done, seen = trace.run(twins.command(code), home=home, stdin=twins.value())
    assert done.returncode == 0, done.stderr.decode()
    return seen


@pytest.mark.parametrize("which", sorted(twins.DISK))
def test_a_value_written_anywhere_in_any_spelling_is_found(tmp_path: Path, which: str) -> None:
    assert recorded(tmp_path, twins.DISK[which]).hits()


@pytest.mark.parametrize("which", sorted(twins.STRANGERS))
def test_a_file_that_nothing_allows_is_found(tmp_path: Path, which: str) -> None:
    assert recorded(tmp_path, twins.STRANGERS[which]).strangers(allowed(tmp_path / "home"))


@pytest.mark.parametrize("which", sorted(twins.SOCKETS))
def test_a_socket_of_the_internet_is_found(tmp_path: Path, which: str) -> None:
    assert recorded(tmp_path, twins.SOCKETS[which]).sockets & {"AF_INET", "AF_INET6"}


def test_a_file_written_through_memory_is_found(tmp_path: Path) -> None:
    assert recorded(tmp_path, twins.MAPPED).shared == {str(tmp_path / "home" / "vault.db")}


def test_a_file_copied_inside_the_kernel_is_found(tmp_path: Path) -> None:
    assert recorded(tmp_path, twins.COPIED).unseen == {"sendfile"}


def test_a_process_that_could_be_dumped_is_found(tmp_path: Path) -> None:
    assert recorded(tmp_path, "pass").undumped(b"python")


def test_a_program_that_breaks_nothing_is_let_through(tmp_path: Path) -> None:
    """The twins' own twin: a search that finds everything everywhere would pass all tests above."""
    judge(recorded(tmp_path, "open('out.kzbundle', 'wb').write(bytes(range(256)) * 99)"), tmp_path / "home")


def test_a_paper_may_show_what_it_shows_and_nothing_beside_it_may(tmp_path: Path) -> None:
    code = "open('papers/a.pdf', 'w').write(VALUE)"
    judge(recorded(tmp_path / "a", code), tmp_path / "a" / "home")
    with pytest.raises(AssertionError):
        judge(recorded(tmp_path / "b", code + "; open('papers.pdf', 'w').write(VALUE)"), tmp_path / "b" / "home")


@pytest.mark.long
def test_a_desk_that_writes_a_value_into_a_temporary_file_is_found(tmp_path: Path) -> None:
    furnish(tmp_path / "home", theatre.PASSPHRASE)
    with theatre.play(tmp_path, [["twin:temporary", "quit"]], traced=True, home=tmp_path / "home") as played:
        assert played.end() == 0
    seen = played.trace()
    assert seen.hits()
    assert seen.strangers(allowed(played.home, rf"{tmp_path}/control/.*")) == set()  # its name was as it should be


@pytest.mark.parametrize("word", [canaries.MARKER, canaries.PLAIN, *canaries.NUMBERS])
def test_every_canary_is_looked_for(word: str) -> None:
    assert canaries.search(b"x" * 999 + word.encode() + b"y")
    assert not canaries.search(b"x" * 999 + word.encode()[1:-1] + b"y")
