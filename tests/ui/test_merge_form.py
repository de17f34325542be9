"""A form that was cut short, dropped on the merge desk of headquarters, opens there as a draft and nowhere else."""

from __future__ import annotations

import pytest

from kzdoc import direct, filling
from kzdoc.filling import Draft
from tests.field_office import COORDINATOR, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, drop, on_stage
from ui.screens.merge import MergeRoom

WORDS = "айтқаны үзіліп қалды"


@pytest.fixture
def form(office, tmp_path):  # noqa: F811
    """Return the file of a form that a monitor began for two headquarters and that was cut short."""
    for other in ("coordinator", "stranger"):
        office.know("monitor", other, verified=True)
    with office.at("monitor") as session:
        made = direct.DirectForm(session, [one.name for one in session.vault.contacts.all()])
        made.keep(Draft(made.id, "testimony", b"", "", {"text": WORDS}))
        made.close()
        direct.write_cut_short(session, made.id, tmp_path / "form.bin")
    return tmp_path / "form.bin"


def test_dropped_at_headquarters_it_is_gone_on_with_as_a_draft(office, theme, qtbot, form) -> None:  # noqa: F811
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot) as stage:
        drop(stage.room, form)
        calm(qtbot, stage.desk)
        room, draft = stage.journeys[-1]
        assert isinstance(draft, Draft)
        assert (room, draft.kind, draft.typed) == ("record", "testimony", {"text": WORDS})
        assert "не доказано" in stage.notices[-1]
        assert not stage.room.bundle.files
    with office.at("coordinator") as session:
        assert [one.typed for one in filling.drafts(session)] == [{"text": WORDS}]


def test_who_was_not_meant_opens_nothing(office, theme, qtbot, form) -> None:  # noqa: F811
    with on_stage(office, "monitor", MergeRoom, theme, qtbot) as stage:
        drop(stage.room, form)
        calm(qtbot, stage.desk)
        assert not stage.journeys
        assert stage.room.banners.gravest() is not None
