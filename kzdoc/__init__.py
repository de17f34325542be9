"""The core of kzdoc: ledger, withholding, redaction, names, vault, bundles and papers. Knows no Qt, no network."""

__version__ = "0.1.0"
