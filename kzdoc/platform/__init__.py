"""The only OS-specific calls, POSIX and Windows halves."""
