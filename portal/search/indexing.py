"""Writing the index, as far as both databases do it alike."""

import gc

from modelsearch.utils import get_content_type_pk

from portal.search import vocabulary
from portal.search.document import Document
from portal.search.upkeep import note_made
from portal.signals import something_changed

#: After how many pieces of a new index the memory of their pages is given back: pages and bodies refer to each other.
PIECES_BETWEEN_SWEEPS = 5


class DutchIndexing:
    """Keeps keys where the stock index keeps text."""

    is_made_anew = False
    pieces = 0

    def _refresh_title_norms(self, full=False):
        """Not used by our ranking, and costly: it reads or writes every entry."""

    def write(self, content_type: int, documents: dict[str, Document]):
        """Add or replace the entries of documents by the primary key of their object, as text."""
        raise NotImplementedError

    def add_items(self, model, objs):
        if not objs or not model.get_search_fields():
            return
        documents = {str(obj.pk): Document.of(obj) for obj in objs}
        self.write(get_content_type_pk(model), documents)
        vocabulary.keep_words(objs, documents, may_wait=self.is_made_anew)
        self.pieces += 1
        if self.is_made_anew and self.pieces % PIECES_BETWEEN_SWEEPS == 0:
            gc.collect()


class DutchRebuilding:
    """In pieces, not in one transaction: readers and editors go on meanwhile."""

    def start(self):
        index = super().start()
        index.is_made_anew = True
        gc.freeze()  # what was there before is no waste to look through
        return index

    def finish(self):
        self.index.is_made_anew = False
        gc.unfreeze()
        vocabulary.refresh()
        note_made()
        something_changed()  # entries have other numbers now
