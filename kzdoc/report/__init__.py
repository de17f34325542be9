"""Papers, made from a view alone."""
