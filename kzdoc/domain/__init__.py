"""Kinds and fields by declaration, vocabularies, dates, law, places."""
