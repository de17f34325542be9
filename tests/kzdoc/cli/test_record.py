"""`record`, `kind`, `conflict` and `count` as docs/cli.md has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kzdoc.cli.conftest import Do

SHAPE = {"id", "kind", "fields", "conflicts", "withheld", "withheld_fields"}


def add(do: Do, kind: str, *fields: str) -> str:
    """Add a record and return the id that stands alone on stdout."""
    answer = do("record", "add", "VAULT", kind, *fields)
    assert answer.status == 0, answer.err
    assert len(answer.out.strip()) == 32
    return answer.out.strip()


def test_a_record_from_adding_to_removing(do: Do) -> None:
    record = add(do, "person", "name_kk=Тестов Данияр", "aliases=Дан", "aliases=Дәке", "born=March 1980")
    shown = do("record", "show", "VAULT", record, "--json").document
    assert set(shown) == SHAPE
    assert shown["fields"] == {"name_kk": "Тестов Данияр", "aliases": ["Дан", "Дәке"], "born": "1980-03"}
    told = do("record", "set", "VAULT", record, "aliases+=Т", "aliases-=Дан", "born=", "sex=male", "--json").document
    assert told["fields"] == {"name_kk": "Тестов Данияр", "aliases": ["Т", "Дәке"], "sex": "male"}
    assert [row["id"] for row in do("record", "list", "VAULT", "person", "--where", "aliases=Т", "--json").rows] == [
        record
    ]
    assert set(do("record", "find", "VAULT", "testov", "--json").rows[0]) == SHAPE
    history = do("record", "show", "VAULT", record, "--history", "--json").document["revisions"]
    assert [set(one) for one in history] == [{"revision", "author", "time", "fields", "replaces"}] * 2
    assert history[1]["replaces"]
    assert do("record", "remove", "VAULT", record, "--reason", "екі рет жазылған", "--json").status == 0
    assert do("record", "list", "VAULT", "person", "--json").out == ""
    assert do("record", "show", "VAULT", record, "--json").document["removed"] is True


def test_fields_come_from_json_too(do: Do, tmp_path: Path) -> None:
    fields = {"name_kk": "Тестов", "aliases": ["А", "Ә"], "born": None}
    file = tmp_path / "fields.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(fields).encode())
    one = do("record", "add", "VAULT", "person", "--json-file", str(file), "--json").document["id"]
    two = do("record", "add", "VAULT", "person", "--json-file", "-", "--json", stdin=json.dumps({"fields": fields}))
    for record in (one, two.document["id"]):
        shown = do("record", "show", "VAULT", record, "--json").document
        assert shown["fields"] == {"name_kk": "Тестов", "aliases": ["А", "Ә"]}
    told = do("record", "set", "VAULT", one, "--json-file", "-", "--json", stdin='{"aliases": null, "born": "1980"}')
    assert told.document["fields"] == {"name_kk": "Тестов", "born": "1980"}
    for stdin, code in (
        ("{", "import.not-json"),
        ("[]", "import.not-an-object"),
        ('{"fields": 7}', "import.not-an-object"),
    ):
        assert do("record", "add", "VAULT", "person", "--json-file", "-", stdin=stdin).code == code
    assert do("record", "add", "VAULT", "person", "--json-file", "missing.json").code == "file.not-read"


def test_withholding_leaves_a_mark_and_an_edit_stands_over_it(do: Do) -> None:
    record = add(do, "person", "name_kk=Тестов", "born=1980", "occupation=мұғалім")
    assert do("record", "withhold", "VAULT", record, "born", "--reason", "келісім қайтарылды", "--json").document == {
        "withheld": 1
    }
    shown = do("record", "show", "VAULT", record, "--json").document
    assert (shown["fields"], shown["withheld"]) == ({"name_kk": "Тестов", "occupation": "мұғалім"}, 1)
    assert "1980" not in do("record", "show", "VAULT", record, "--history", "--json").out
    assert do("record", "list", "VAULT", "person", "--where", "born=1980", "--json").out == ""
    do("record", "set", "VAULT", record, "born=1981")
    assert do("record", "restore", "VAULT", record, "--json").document == {"restored": 1}
    shown = do("record", "show", "VAULT", record, "--json").document
    assert (shown["fields"]["born"], shown["conflicts"], shown["withheld"]) == ("1981", [], 0)
    assert do("record", "restore", "VAULT", record).code == "record.nothing-withheld"


def test_withholding_and_restoring_is_identity(do: Do) -> None:
    record = add(do, "person", "name_kk=Тестов", "born=1980", "aliases=А", "aliases=Ә")
    before = do("record", "show", "VAULT", record, "--history", "--json").out
    do("record", "withhold", "VAULT", record, "aliases", "--reason", "travelled")
    do("record", "withhold", "VAULT", record, "--reason", "sealed")
    assert do("record", "show", "VAULT", record, "--json").document["fields"] == {}
    do("record", "restore", "VAULT", record)
    assert do("record", "show", "VAULT", record, "--history", "--json").out == before
    assert do("record", "withhold", "VAULT", record, "sex", "--reason", "x").code == "record.nothing-there"
    assert do("record", "withhold", "VAULT", record, "shoe", "--reason", "x").code == "field.unknown"


def test_what_is_forgotten_stays_forgotten_also_when_it_was_withheld(do: Do) -> None:
    record = add(do, "person", "name_kk=Тестов", "born=1980", "occupation=мұғалім")
    do("record", "set", "VAULT", record, "born=1981")
    do("record", "withhold", "VAULT", record, "occupation", "born", "--reason", "x")
    assert do("record", "forget", "VAULT", record, "born", "--json").document == {
        "forgotten": 2,
        "clean_up_due": False,
    }
    assert do("record", "restore", "VAULT", record, "--json").document == {"restored": 1}
    shown = do("record", "show", "VAULT", record, "--history", "--json")
    assert shown.document["fields"] == {"name_kk": "Тестов", "occupation": "мұғалім"}
    assert "1980" not in shown.out
    assert "1981" not in shown.out
    assert do("vault", "check", "VAULT", "--json").document["result"] == "good"


def test_refusals_have_codes_and_status_one(do: Do) -> None:
    record = add(do, "person", "name_kk=Тестов")
    for words, code in (
        (("show", "VAULT", "жоқ"), "record.not-an-id"),
        (("show", "VAULT", "0" * 32), "record.unknown"),
        (("add", "VAULT", "nobody"), "kind.unknown"),
        (("add", "VAULT", "person", "shoe=43"), "field.unknown"),
        (("add", "VAULT", "person", "born=1980", "born=1981"), "field.twice"),
        (("set", "VAULT", record, "born=бірде"), "date.not-understood"),
        (("list", "VAULT", "nobody"), "kind.unknown"),
        (("list", "VAULT", "person", "--where", "shoe=43"), "field.unknown"),
        (("find", "VAULT", "x", "--kind", "nobody"), "kind.unknown"),
        (("attach", "VAULT", record, "missing.mp4"), "file.not-read"),
        (("import", "VAULT", "missing.csv"), "file.not-read"),
    ):
        answer = do("record", *words, "--json")
        assert (answer.status, answer.code) == (1, code)


def test_messages_follow_the_language_asked_for(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("record", "show", "VAULT", "0" * 32)
    english, russian, kazakh = (do(*asked, "--ui-lang", lang).err for lang in ("en", "ru", "kk"))
    assert len({english, russian, kazakh}) == 3
    assert do(*asked).err == english
    for name, value, expected in (
        ("LANG", "kk_KZ.UTF-8", kazakh),
        ("LC_MESSAGES", "ru_RU.UTF-8", russian),
        ("LC_ALL", "C", english),
    ):
        monkeypatch.setenv(name, value)
        assert do(*asked).err == expected


def test_a_bad_row_is_named_on_stderr(do: Do, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("name_kk,born\nБір,1980\nЕкі,бірде\n", encoding="utf-8")
    answer = do("record", "import", "VAULT", "bad.csv", "--kind", "person")
    assert (answer.status, answer.code) == (1, "import.row")
    assert "Line 3" in answer.err
    assert "date.not-understood" in answer.err
    assert do("record", "list", "VAULT", "person", "--json").out == ""


def test_kinds_are_described(do: Do) -> None:
    shown = do("kind", "show", "person", "--json").document
    assert set(shown) == {"kind", "label", "fields"}
    assert {frozenset(field) for field in shown["fields"]} == {
        frozenset(("name", "type", "many", "class", "vocabulary", "label", "standard"))
    }
    assert do("kind", "show", "person", "--ui-lang", "kk", "--json").document["label"] != shown["label"]
    assert do("kind", "show", "nobody").code == "kind.unknown"


def test_counting(do: Do) -> None:
    person = add(do, "person", "name_kk=Тестов")
    event = add(do, "event", "title=Митинг", "date=2020-02-22", "region=Алматы")
    add(do, "event", "title=Митинг", "date=2020-03", "region=Астана")
    add(do, "event", "title=Митинг", "date=2020", "region=Астана")
    for days in ("5", "15"):
        add(do, "detention", f"person={person}", f"event={event}", f"term_days={days}")
    count = do("count", "VAULT", "event", "--by", "region", "--json").document
    assert set(count) == {"unit", "window", "qualifier", "rows", "not_judged", "note"}
    assert [(row["value"], row["records"]) for row in count["rows"]] == [(2, 2), (1, 1)]
    month = do("count", "VAULT", "event", "--from", "2020-03", "--to", "2020-03", "--json").document
    assert (month["rows"][0]["value"], month["not_judged"], month["qualifier"]) == (1, 1, "at_least")
    assert month["window"] == "2020-03-01/2020-03-31"
    assert do("count", "VAULT", "detention", "--json").document["rows"][0]["value"] == 2
    persons = do("count", "VAULT", "detention", "--unit", "persons", "--json").document
    assert (persons["unit"], persons["rows"][0]["value"], persons["rows"][0]["records"]) == ("persons", 1, 2)
    for words, code in (
        (("nothing",), "count.measure"),
        (("event", "--by", "shoe"), "field.unknown"),
        (("event", "--unit", "detentions"), "count.unit"),
        (("event", "--from", "2021", "--to", "2020"), "count.window"),
        (("event", "--from", "бірде"), "date.not-understood"),
    ):
        assert do("count", "VAULT", *words).code == code
