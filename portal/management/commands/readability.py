from django.core.management.base import BaseCommand

from portal.models import ContentPage, Kind
from portal.readability import readability_of

FEWEST_WORDS = 100


class Command(BaseCommand):
    help = (
        "Print how easy the articles read: the Flesch-Douma score of each (50 and more is our aim), and the average. "
        f"Pages of fewer than {FEWEST_WORDS} words are left out: a score says nothing of them."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--kind",
            default=Kind.ARTICLE.value,
            choices=Kind.values,
            help="what to measure; default: %(default)s",
        )

    def handle(self, *, kind, **options):
        found = []
        for page in ContentPage.objects.for_readers().filter(kind=kind).specific().iterator(chunk_size=100):
            result = readability_of(page)
            if result.words >= FEWEST_WORDS:
                found.append((page, result))
        if not found:
            self.stdout.write(f"There is no page of the kind {kind} with {FEWEST_WORDS} words or more.")
            return
        self.stdout.write(f"{'score':>6} {'words':>6} {'per sentence':>13}  title")
        for page, result in sorted(found, key=lambda pair: pair[1].score):
            self.stdout.write(
                f"{result.score:6.1f} {result.words:6} {result.words_per_sentence:13.1f}  {page.title}"
            )
        average = sum(result.score for _, result in found) / len(found)
        self.stdout.write(f"{average:6.1f} on average of {len(found)}")
