"""Loading a folder of content into the site."""

from pathlib import Path

from portal.content.mistakes import ContentMistakes, Mistake
from portal.content.present import read_present
from portal.content.reading import read_plan
from portal.content.writing import Outcome, write_plan


def load_content(root: Path, user=None) -> Outcome:
    """Read the folder, check everything, write it in one transaction; ContentMistakes: nothing was written."""
    root = Path(root)
    if not root.is_dir():
        raise ContentMistakes([Mistake(str(root), 1, "there is no such folder")])
    present = read_present()
    return write_plan(read_plan(root, present), present, user)
