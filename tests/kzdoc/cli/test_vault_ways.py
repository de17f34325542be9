"""Slots and recovery from outside: real processes, real passphrases, papers as files."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from kzdoc.crypto.words import words_of
from kzdoc.errors import KzdocError
from kzdoc.session import unlock, unlock_with_shares
from tests.kzdoc.cli.shell import PASSPHRASE, Desk

NEW = "жаңа тау өзені мөлдір аққан"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a desk with a vault and the papers of a 3-of-5 set."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    assert desk.bare("vault", "new", "V", "--author", "Мысалов", "--passphrase-file", "passphrase").status == 0
    split = desk.bare(
        "vault", "recovery", "split", "V", "-k", "3", "-n", "5", "-o", "papers", "--lang", "kk",
        "--passphrase-file", "passphrase", "--json",
    )  # fmt: skip
    return desk, split


def words(path: Path) -> list[str]:
    return path.read_bytes().rpartition(b"\n%kzdoc-share ")[2].decode().split()


def join(desk, *shares, new=True):
    flags = ("--new-passphrase-file", desk.write("new", NEW).name) if new else ()
    return desk.bare("vault", "recovery", "join", "V", *shares, *flags, "--json")


def test_split_writes_one_paper_a_share_and_says_no_words(made):
    desk, split = made
    told = split.document
    assert (told["slot"], told["needed"], told["total"]) == (1, 3, 5)
    papers = sorted((desk.folder / "papers").iterdir())
    assert [path.name for path in papers] == [f"share-{n}-of-5.pdf" for n in range(1, 6)]
    assert [str(Path("papers") / path.name) for path in papers] == told["papers"]
    for path in papers:
        assert len(words(path)) == 20
        assert not any(word in split.out + split.err for word in words(path) if len(word) > 6)
        data = path.read_bytes()
        for name in ("Мысалов", str(desk.folder)):
            assert name.encode() not in data
            assert name.encode("utf-16-be") not in data
    again = desk.bare(
        "vault", "recovery", "split", "V", "-k", "3", "-n", "5", "-o", "papers", "--passphrase-file", "passphrase"
    )
    assert again.code == "file.exists"


def test_all_ten_triples_open_and_no_pair_does(made):
    desk, _ = made
    papers = [" ".join(words(path)) for path in sorted((desk.folder / "papers").iterdir())]
    key = unlock(desk.folder / "V", PASSPHRASE)
    for three in combinations(papers, 3):
        assert unlock_with_shares(desk.folder / "V", three) == key
    for two in combinations(papers, 2):
        with pytest.raises(KzdocError, match=r"share\.missing") as caught:
            unlock_with_shares(desk.folder / "V", two)
        assert caught.value.params == {"missing": 1, "needed": 3, "given": 2}


def test_what_is_wrong_is_named(made):
    desk, _ = made
    papers = [f"papers/share-{n}-of-5.pdf" for n in range(1, 6)]
    good = words(desk.folder / papers[1])
    other = next(word for word in words_of("kk") if word not in good)
    cases = {
        "share.wrong-word": [*good[:6], other, *good[7:]],
        "share.wrong-words": [good[1], good[0], *good[2:]] if good[0] != good[1] else [other, other, *good[2:]],
        "share.unknown-word": [*good[:6], "ыыыы", *good[7:]],
        "share.words": good[:-1],
        "share.check": [next(w for w in words_of("kk") if w != word) for word in good],
    }
    for code, typed in cases.items():
        desk.write("typed.txt", " ".join(typed))
        refused = join(desk, papers[0], "typed.txt", papers[2])
        assert refused.code == code
        assert "2" in refused.err
    desk.write("typed.txt", "-".join(word[:4].upper() for word in good))
    assert join(desk, papers[0], "typed.txt", papers[2], new=False).document == {"opens": True, "slot": None}
    assert join(desk, papers[0], papers[0], papers[2]).code == "share.twice"
    assert join(desk, papers[0]).code == "share.missing"
    assert join(desk, "passphrase", papers[1], papers[2]).code == "share.words"
    assert join(desk, "nowhere", papers[1]).code == "file.not-read"


def test_a_mixed_set_and_anothers_set_are_named(made):
    desk, _ = made
    desk.bare("vault", "new", "W", "--author", "Сынақова", "--passphrase-file", "passphrase")
    desk.bare(
        "vault", "recovery", "split", "W", "-k", "2", "-n", "2", "-o", "theirs", "--passphrase-file", "passphrase"
    )
    theirs = ["theirs/share-1-of-2.pdf", "theirs/share-2-of-2.pdf"]
    mixed = join(desk, "papers/share-1-of-5.pdf", theirs[0], "papers/share-3-of-5.pdf")
    assert mixed.code == "share.mixed"
    assert join(desk, *theirs).code == "share.other-vault"


def test_a_rehearsal_is_noted_and_a_forgotten_passphrase_is_put_aside(made):
    desk, _ = made
    flags = ("--passphrase-file", "passphrase", "--json")
    papers = [f"papers/share-{n}-of-5.pdf" for n in (1, 4, 5)]
    assert [row.get("rehearsed") for row in desk.bare("vault", "slot", "list", "V", *flags).rows] == [None, ""]
    done = desk.bare("vault", "recovery", "rehearse", "V", *papers, *flags).document
    assert done["slot"] == 1
    assert desk.bare("vault", "slot", "list", "V", *flags).rows[1]["rehearsed"] == done["rehearsed"]
    assert desk.bare("vault", "recovery", "rehearse", "V", *papers[:2], *flags).code == "share.missing"
    joined = join(desk, *papers)
    assert joined.document == {"opens": True, "slot": 2}
    removed = desk.bare("vault", "slot", "remove", "V", "0", "--passphrase-file", "new", "--json")
    assert removed.document == {"removed": 0, "rekeyed": True, "lost": []}
    assert "backup" in removed.err
    assert desk.bare("vault", "slot", "list", "V", *flags).code == "vault.wrong-passphrase"
    rows = desk.bare("vault", "slot", "list", "V", "--passphrase-file", "new", "--json").rows
    assert [row["slot"] for row in rows] == [1, 2]
    assert join(desk, *papers, new=False).document["opens"]  # the same papers go on opening it
