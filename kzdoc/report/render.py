"""The templates by name, and the one way from a view to a paper."""

from __future__ import annotations

from kzdoc.errors import PublicationError
from kzdoc.redaction.view import View
from kzdoc.report.page import Printed
from kzdoc.report.templates import case_file, notice

TEMPLATES = {"case-file": case_file.render}


def render(view: View, *, template: str = "case-file", practice: bool = False) -> bytes:
    """Return the bytes of the paper of ``view``, as ``printed`` makes it."""
    return printed(view, template=template, practice=practice).pdf


def printed(view: View, *, template: str = "case-file", practice: bool = False) -> Printed:
    """Return the paper of ``view``: the same view, the same bytes; marked when it is for ``practice``.

    What corrects a table or numbers is a notice, whatever the template.

    Raises:
        PublicationError: ``publication.template`` for an unknown name.
    """
    if view.corrects is not None and view.corrects.name:
        return notice.render(view, practice=practice)
    if template not in TEMPLATES:
        raise PublicationError("publication.template")
    return TEMPLATES[template](view, practice=practice)
