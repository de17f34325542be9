"""Where everything lives: the encrypted folder."""
