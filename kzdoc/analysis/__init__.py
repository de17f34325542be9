"""Counting and comparing, pure functions."""
