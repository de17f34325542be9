"""Profiles, consent and the view: what is left for a reader."""
