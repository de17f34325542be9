"""PDFium works for one thread at a time: whoever calls it, by whatever package, holds ``ALONE`` meanwhile.

Its calls let go of Python's own lock, so two threads in it at once end the process. Who holds ``ALONE`` closes what it
opened before it lets go: an object that is collected later calls PDFium too.
"""

from __future__ import annotations

import threading
from typing import Final

ALONE: Final = threading.Lock()
