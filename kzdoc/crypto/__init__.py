"""Keys, signatures, age, passphrases: the only users of the cryptography package."""
