"""How records travel."""
