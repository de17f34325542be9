"""One file a family of kinds."""
