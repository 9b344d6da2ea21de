"""How good the first ten results are, on questions that were judged before search was tuned."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from portal.search.judging import judge, read_questions, search_as_reader
from tests.factories import make_article

HERE = Path(__file__).parent
FLOOR = 0.75
MOST_EMPTY = 0.05


@pytest.fixture
def second_collection(tree):
    documents = yaml.safe_load((HERE / "judged_second.yaml").read_text(encoding="utf-8"))["documents"]
    for slug, document in documents.items():
        make_article(
            tree,
            slug=slug,
            title=document["title"],
            summary=document["summary"],
            body=[("text", f"<p>{document['body']}</p>")],
        )


def test_the_demo_content_is_found_by_everyday_questions(tree):
    call_command("load_municipalities", verbosity=0)
    call_command("load_content", str(settings.BASE_DIR / "portal/content/demo"), verbosity=0)

    verdict = judge(read_questions(HERE / "judged_demo.yaml"), search_as_reader)[""]

    assert len(verdict.ndcg) >= 60
    assert sum(verdict.ndcg) / len(verdict.ndcg) >= FLOOR
    assert verdict.empty / len(verdict.ndcg) <= MOST_EMPTY


def test_texts_on_other_subjects_are_found_as_well(second_collection):
    def slugs(words):
        return [address.strip("/").split("/")[-1] for address in search_as_reader(words)]

    verdict = judge(read_questions(HERE / "judged_second.yaml"), slugs)[""]

    assert len(verdict.ndcg) >= 60
    assert sum(verdict.ndcg) / len(verdict.ndcg) >= FLOOR
    assert verdict.empty / len(verdict.ndcg) <= MOST_EMPTY
