"""Who partners say was detained: a card each on Today. Following is one act; before it nothing has changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from kzdoc.exchange import alerts
from ui.widgets.basics import Card, IconLabel, button, label, row

if TYPE_CHECKING:
    from ui.surroundings import Surroundings


class AlertActs(QObject):
    """The cards of the alerts that wait, and what their buttons do; tells when one was decided."""

    decided = Signal()

    def __init__(self, desk: Surroundings, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    def card(self, alert: dict[str, Any]) -> Card:
        """Return the card of one alert."""
        words = self._desk.words
        card = Card(look="banner-warn")
        sentence = words.say("today.alert", name=alert["name"], by=alert["by"], since=alert["since"] or "…")
        head = row(
            IconLabel(self._desk.theme, "warning", "warn", 20), label(sentence, bold=True, wrap=True), spacing=12
        )
        head.setStretch(1, 1)
        card.body.addLayout(head)
        card.body.addWidget(label(words.say("today.alert_why", n=alert["beyond"]), size="small", wrap=True))
        acts = [button(words, "today.alert_away", partial(self.decide, alert["alert"], follow=False))]
        if not alert["self"]:
            acts.insert(0, button(words, "today.alert_follow", partial(self.decide, alert["alert"], follow=True)))
        card.body.addLayout(row(*acts, None))
        return card

    def decide(self, alert: str, *, follow: bool) -> None:
        """Follow an alert, or put it away."""
        self._desk.tasks.write(
            lambda session, _progress: alerts.follow_alert(session, alert, follow=follow),
            done=lambda _told: self.decided.emit(),
            owner=self,
        )
