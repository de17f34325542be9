"""Finished bytes searched for what must not be in them."""
