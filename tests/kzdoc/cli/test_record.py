"""`record`, `kind`, `conflict` and `count` as docs/cli.md has them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kzdoc.cli import frame
from kzdoc.cli.__main__ import parser

if TYPE_CHECKING:
    from kzdoc.session import Session
    from tests.kzdoc.cli.conftest import Do

SHAPE = {"id", "kind", "fields", "conflicts", "withheld", "withheld_fields"}


def add(do: Do, kind: str, *fields: str) -> str:
    """Add a record and return the id that stands alone on stdout."""
    answer = do("record", "add", "VAULT", kind, *fields)
    assert answer.status == 0, answer.err
    assert len(answer.out.strip()) == 32
    return answer.out.strip()


def told(year: str, out: str) -> bool:
    """Tell whether a year is said; the same digits within a hash are not the year."""
    return re.search(rf"\b{year}\b", out) is not None


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


@pytest.mark.parametrize(("iin", "told"), [("850315300128", False), ("850315300127", True)])
def test_a_number_whose_last_digit_does_not_fit_is_kept_and_remarked_on(do: Do, iin: str, *, told: bool) -> None:
    answer = do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр", f"iin={iin}")
    assert (answer.status, "iin: " in answer.err) == (0, told)
    answer = do("record", "set", "VAULT", answer.out.strip(), f"iin={iin}", "--json")
    assert (answer.document["fields"]["iin"], "iin: " in answer.err) == (iin, told)
    assert not do("record", "set", "VAULT", answer.document["id"], "sex=male").err


class Screen(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_progress_bar_ends_before_anything_else_is_said() -> None:
    screen = Screen()
    call = frame.Call(parser().parse_args(["kind", "list", "--ui-lang", "en"]), io.StringIO(), screen, io.StringIO())
    call.progress("vault.follow", 1, 4)
    call.note("cli.iin-odd", field="iin")
    call.progress("vault.follow", 4, 4)
    call.note("cli.iin-odd", field="iin")
    lines = [line.rsplit("\r", 1)[-1] for line in screen.getvalue().split("\n")[:-1]]
    assert [line.endswith(("1/4", "4/4")) for line in lines] == [True, False, True, False]


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
    assert not told("1980", do("record", "show", "VAULT", record, "--history", "--json").out)
    assert do("record", "list", "VAULT", "person", "--where", "born=1980", "--json").out == ""
    do("record", "set", "VAULT", record, "born=1981")
    assert do("record", "restore", "VAULT", record, "--json").document == {"restored": 1}
    shown = do("record", "show", "VAULT", record, "--json").document
    assert (shown["fields"]["born"], shown["conflicts"], shown["withheld"]) == ("1981", [], 0)
    assert do("record", "restore", "VAULT", record).code == "record.nothing-withheld"


def test_what_is_withheld_says_whose_it_is_and_is_restored_by_field(do: Do, session: Session) -> None:
    record = add(do, "person", "name_kk=Тестов", "born=1980", "occupation=мұғалім", "phone=+77010000000")
    assert "withheld_by" not in do("record", "show", "VAULT", record, "--json").document
    fields = ("born", "occupation", "phone")
    do("record", "withhold", "VAULT", record, *fields, "--reason", "travelled")
    shown = do("record", "show", "VAULT", record, "--json").document
    assert {(one["field"], one["author"], one["reason"], one["here"]) for one in shown["withheld_by"]} == {
        (name, session.name, "travelled", True) for name in fields
    }
    assert do("record", "restore", "VAULT", record, "sex").code == "record.nothing-withheld"
    assert do("record", "restore", "VAULT", record, "born", "--json").document == {"restored": 1}
    shown = do("record", "show", "VAULT", record, "--json").document
    assert (shown["fields"]["born"], shown["withheld"]) == ("1980", 2)
    assert {one["field"] for one in shown["withheld_by"]} == {"occupation", "phone"}
    assert do("record", "restore", "VAULT", record, "--json").document == {"restored": 2}
    assert "withheld_by" not in do("record", "show", "VAULT", record, "--json").document
    assert do("vault", "check", "VAULT", "--json").document["result"] == "good"


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
    assert not told("1980", shown.out)
    assert not told("1981", shown.out)
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
    rows = ["name_kk,born,sex", "Бір,бірде,", "Екі,,дракон", "Үш,33.33.1999,"]
    (tmp_path / "worse.csv").write_text("\n".join(rows), encoding="utf-8")
    for lang, nothing in (("en", "Nothing"), ("ru", "ичего"), ("kk", "штеңе")):
        for name, lines in (("bad.csv", 1), ("worse.csv", 4)):
            answer = do("record", "import", "VAULT", name, "--kind", "person", "--ui-lang", lang)
            assert answer.err.count("error: import.row: ") == lines
            assert answer.err.count(nothing) == 1, "that nothing came of the file is said once, of the file"
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
