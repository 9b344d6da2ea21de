"""The synonyms that a new site starts with."""

from portal.search.lexicon import lines_of


def read_seed() -> list[tuple[str, str, bool]]:
    """Term, what it finds as well, and whether that holds the other way round; one per term."""
    found = []
    for line in lines_of("synonyms.txt"):
        sign = "=" if " = " in line else ">"
        term, _, others = line.partition(f" {sign} ")
        found.append((term, others, sign == "="))
    return found


def seed_synonyms(model):
    """Add the synonyms of the list that are not there yet; what an editor changed stays."""
    known = set(model.objects.values_list("term", flat=True))
    model.objects.bulk_create(
        model(term=term, also=also, is_mutual=is_mutual)
        for term, also, is_mutual in read_seed()
        if term not in known
    )
