"""Judging search by questions with graded answers: how good are the first ten, and how often is there nothing."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import yaml
from django.db import transaction

from portal.models import ContentPage

DEPTH = 10
NOTHING = "nothing"


@dataclass(frozen=True)
class Question:
    """What someone typed, which trait of Dutch it tries, and the grade of each item that answers it."""

    phenomenon: str
    words: str
    grades: dict[str, int]


@dataclass
class Verdict:
    """The figures of one phenomenon, or of all."""

    ndcg: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    empty: int = 0

    @property
    def line(self) -> str:
        return f"{fmean(self.ndcg):6.3f} {fmean(self.recall):6.3f} {self.empty / len(self.ndcg):6.1%}"


def read_questions(path: Path) -> list[Question]:
    """The questions of a judged set; see docs/search.md for its form."""
    stored = yaml.safe_load(path.read_text(encoding="utf-8"))
    stored = stored.get("queries", stored)
    return [
        Question(phenomenon, str(words), grades)
        for phenomenon, questions in stored.items()
        for words, grades in questions.items()
    ]


def _gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def judge(questions: list[Question], search: Callable[[str], list[str]]) -> dict[str, Verdict]:
    """The verdict per phenomenon and, under "", over all; a question that nothing answers is left out."""
    verdicts: dict[str, Verdict] = {"": Verdict()}
    for question in questions:
        relevant = {item: grade for item, grade in question.grades.items() if grade}
        if not relevant:
            continue
        found = search(question.words)[:DEPTH]
        ideal = _gain(sorted(relevant.values(), reverse=True)[:DEPTH])
        ndcg = _gain([relevant.get(item, 0) for item in found]) / ideal
        recall = len(set(found) & set(relevant)) / min(len(relevant), DEPTH)
        for name in ("", question.phenomenon):
            verdict = verdicts.setdefault(name, Verdict())
            verdict.ndcg.append(ndcg)
            verdict.recall.append(recall)
            verdict.empty += not found
    return verdicts


def addresses(pages: list) -> list[str]:
    """The address below the home page of each page, as a judged set names it."""
    return ["/" + page.url_path.split("/", 2)[2] for page in pages]


def search_as_reader(words: str) -> list[str]:
    """The first items that a reader gets for these words, as addresses."""
    from portal.selection.words import search_items

    items = ContentPage.objects.for_readers()
    order = search_items(items, words).ranked(items, 0, DEPTH)
    found = items.in_bulk(order)
    return addresses([found[pk] for pk in order])


class _Undo(Exception):
    pass


def judge_stock(questions: list[Question], address_of=addresses) -> dict[str, Verdict]:
    """The verdict on Wagtail's own backend over the same pages; its index is made for the occasion and undone."""
    from modelsearch.backends.database import SearchBackend

    stock = SearchBackend({"ATOMIC_REBUILD": False})
    verdicts: dict[str, Verdict] = {}

    def search(words: str) -> list[str]:
        try:
            with transaction.atomic():
                return address_of(list(stock.search(words, ContentPage.objects.live())[:DEPTH]))
        except Exception:  # a stray quote is an error there
            return []

    try:
        with transaction.atomic():
            index = stock.index_class(stock)
            index.reset()
            pages = list(ContentPage.objects.live().specific())
            for model in {type(page) for page in pages}:
                index.add_items(model, [page for page in pages if type(page) is model])
            verdicts = judge(questions, search)
            raise _Undo
    except _Undo:
        return verdicts
