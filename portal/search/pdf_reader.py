"""Reading the text of one PDF in a process of its own, which may be stopped: `python -m portal.search.pdf_reader FILE`.

A PDF can be made to take all memory and time there is; this process has little of both.
"""

import resource
import sys

MOST_PAGES = 300
MOST_LETTERS = 400_000
SECONDS = 20
MEMORY = 768 * 1024 * 1024


def read(path: str) -> str:
    """The text of the first pages, at most MOST_LETTERS long."""
    from pypdf import PdfReader  # here: the web server, which knows this module, need not hold 5 MB for it

    parts, length = [], 0
    reader = PdfReader(path)
    for number, page in enumerate(reader.pages):
        if number == MOST_PAGES or length > MOST_LETTERS:
            break
        text = page.extract_text() or ""
        parts.append(text)
        length += len(text)
    return "\n".join(parts)[:MOST_LETTERS]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(read(sys.argv[1]).encode("utf-8", "replace"))
