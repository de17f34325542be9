"""Where the packaged ``kzdoc-cli`` begins: another part of itself when it was started as one, else the command line."""

from __future__ import annotations

import sys

from kzdoc.platform.sandbox import child_main

status = child_main(sys.argv)
if status is None:
    from kzdoc.cli.__main__ import main  # only now: a child loads nothing that it was not asked for

    status = main()
sys.exit(status)
