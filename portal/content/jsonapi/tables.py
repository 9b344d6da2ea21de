"""A table of an old page as our table block: a caption, headings and plain cells."""

from bs4 import Tag

from portal.content.tidy import tidy_line

LONGEST_CELL, LONGEST_CAPTION = 500, 250


def read_table(tag: Tag, before: str) -> tuple[dict | None, list[str]]:
    """The value of the block and what to tell of it; None for what is no table of words: its text is to be kept.

    `before` names the table where it has no caption: the heading above it, or the page.
    """
    rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    cells = [[cell for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row] for row in rows]
    cells = [row for row in cells if any(_words(cell) for cell in row)]
    width = max((sum(_span(cell, "colspan") for cell in row) for row in cells), default=0)
    if width < 2 or len(cells) < 2 or tag.find("table"):
        return None, ["a table that only arranged text became ordinary text"] if cells else []
    if any(len(_words(cell)) > LONGEST_CELL for row in cells for cell in row):
        return None, [f"a table with a cell of more than {LONGEST_CELL} characters became ordinary text"]
    notes = []
    caption = tag.find("caption")
    title = _words(caption) if caption else ""
    if not title:
        title = before
        notes.append(f"a table has no caption; it is called “{before[:60]}”")
    has_head = all(cell.name == "th" for cell in cells[0]) or cells[0][0].find_parent("thead") is not None
    if not has_head:
        notes.append("a table has no row of headings; its first row is used")
    if any(_span(cell, "colspan") > 1 or _span(cell, "rowspan") > 1 for row in cells for cell in row):
        notes.append("a table has merged cells; the words stand in the first of them")
    if any(cell.find(["a", "ul", "ol"]) for row in cells for cell in row):
        notes.append("links and lists in the cells of a table became plain text")
    grid = _grid(cells, width)
    is_named = all(row[0].name == "th" for row in cells[1:])
    table = {
        "columns": [{"type": "text", "heading": heading} for heading in grid[0]],
        "rows": [{"values": row} for row in grid[1:]],
        "caption": title[:LONGEST_CAPTION],
    }
    return {"table": table, "row_headers": is_named}, notes


def _grid(cells: list[list[Tag]], width: int) -> list[list[str]]:
    """The words in a square of cells: a merged cell has its words in its first place, and nothing in the others."""
    grid = [[""] * width for _ in cells]
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(cells):
        x = 0
        for cell in row:
            while (x, y) in taken:
                x += 1
            if x >= width:
                break
            grid[y][x] = _words(cell)
            for down in range(_span(cell, "rowspan")):
                taken |= {(x + right, y + down) for right in range(_span(cell, "colspan"))}
            x += _span(cell, "colspan")
    return grid


def _span(cell: Tag, name: str) -> int:
    text = str(cell.get(name) or "1")
    return min(max(int(text), 1), 50) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _words(cell: Tag) -> str:
    return tidy_line(cell.get_text(" "))
