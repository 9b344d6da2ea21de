"""`manage.py judge_search`: how well search answers the judged questions on this database, beside Wagtail's own."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.search.judging import DEPTH, judge, judge_stock, read_questions, search_as_reader

DEMO = settings.BASE_DIR / "tests/search/judged_demo.yaml"


class Command(BaseCommand):
    help = "Meet hoe goed zoeken de beoordeelde vragen beantwoordt, naast het zoeken van Wagtail zelf."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, default=DEMO, help="Standaard: de vragen bij de demo."
        )
        parser.add_argument(
            "--each", action="store_true", help="Toon ook elke vraag die niet helemaal goed ging."
        )

    def handle(self, *args, file, each, **options):
        if not file.is_file():
            raise CommandError(f"{file} bestaat niet.")
        questions = read_questions(file)
        ours, stock = judge(questions, search_as_reader), judge_stock(questions)
        self.stdout.write(f"{connection.vendor}: {len(ours[''].ndcg)} vragen, de eerste {DEPTH} resultaten")
        heading = f"{'nDCG':>6} {'recall':>6} {'niets':>6}"
        self.stdout.write(f"{'':24} {heading}   {'Wagtail:':>9} {heading}")
        for name in sorted(ours):
            self.stdout.write(f"{name or 'alle':24} {ours[name].line}   {'':9} {stock[name].line}")
        if each:
            self._show_each(questions)

    def _show_each(self, questions):
        for question in questions:
            verdict = judge([question], search_as_reader)
            if verdict[""].ndcg and verdict[""].ndcg[0] < 0.9:
                self.stdout.write(f"\n{verdict[''].ndcg[0]:.2f} {question.words}")
                for address in search_as_reader(question.words)[:6]:
                    self.stdout.write(f"     {question.grades.get(address, 0)} {address}")
