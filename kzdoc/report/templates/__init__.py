"""One file a template."""
