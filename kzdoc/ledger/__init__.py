"""Signed revisions, disclosures, merging: pure functions."""
