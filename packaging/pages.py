"""Every page of the demonstration's papers as PNG: ``python packaging/pages.py FOLDER``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pypdfium2

from kzdoc import demonstration

SCALE = 1.25


def main(folder: Path) -> int:
    """Run the demonstration and draw its papers; return 1 when one of them is not good."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        done = demonstration.run(Path(name) / "demo", say=lambda _: None, lang="en")
        for paper in sorted((Path(name) / "demo" / "papers").glob("*.pdf")):
            document = pypdfium2.PdfDocument(paper.read_bytes())
            for number in range(len(document)):
                document[number].render(scale=SCALE).to_pil().save(folder / f"{paper.stem}-{number + 1:02}.png")
            document.close()
    return 0 if done.good else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
