"""Names across Kazakh, Russian and Latin writing."""
