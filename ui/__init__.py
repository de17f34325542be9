"""The desk (Qt)."""
