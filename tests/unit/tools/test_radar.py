"""What questions ask, which of them are one, and which a host should see first."""

import pytest

from domain.watching import ClusterChange
from models.embeddings import EmbeddedE5
from tests.fakes.word_embedder import WordEmbedder
from tools.radar.asked import asks_plainly, read_asked
from tools.radar.clusters import Clusters, Question
from tools.radar.likeness import Likeness, load_likeness, settle
from tools.radar.ranking import rank_questions


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("how much is it", "多少钱", True),
        ("how much is shipping?", "包邮吗", True),
        ("how much is it", "how much is shipping?", False),
        ("is navy still in stock", "有藏青色吗", True),
        ("is navy still in stock", "is black still in stock", False),
        ("any size 9 left", "9码还有吗", True),
        ("any size 9 left", "any size 8 left", False),
        ("any mediums left", "M码还有吗", True),
        ("is large sold out", "any mediums left", False),
        ("navy left?", "got the dark blue one?", True),
        ("navy left?", "got the light blue one?", False),
        ("油皮用会闷痘吗", "is it ok for oily skin", True),
        ("what colours are there", "do you have red", False),
        ("do you ship to Canada?", "能寄加拿大吗", True),
        ("do you ship to canada", "do you ship to the UK", False),
        ("do you ship to canada", "how long does shipping take", False),
        ("do they run small", "偏大还是偏小", True),
        ("孕妇能用吗", "is it safe in pregnancy", True),
        ("孕妇能用吗", "敏感肌能用吗", False),
        ("will a 15 inch laptop fit", "will a 16 inch laptop fit", False),
        ("can it crush ice", "CAN IT CRUSH  ICE", True),
        ("can it crush ice", "does it do ice cubes", None),
    ],
)
def test_matters_and_entities_settle_what_is_the_same(a: str, b: str, same: bool | None):
    assert settle(read_asked(a), read_asked(b)) is same
    assert settle(read_asked(b), read_asked(a)) is same


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("保修几年", True),
        ("这件多少钱", True),
        ("$$$?", True),
        ("any code today", True),
        ("我上次花了多少钱我心里有数", False),
        ("the price is great", False),
        ("what a night", False),
        ("好看吗", False),
    ],
)
def test_a_short_comment_about_a_matter_asks_by_its_form(text: str, asks: bool):
    assert asks_plainly(text) is asks


def gather(clusters: Clusters, *texts: str, product_id: str | None = None) -> list[str]:
    return [
        clusters.add([Question(n, n * 1000, f"v{n}", text, product_id)])[0].cluster_id
        for n, text in enumerate(texts, 1)
    ]


@pytest.mark.models
def test_what_no_matter_settles_is_told_by_meaning():
    clusters = Clusters(load_likeness(EmbeddedE5(threads=1)))
    found = gather(
        clusters,
        "does it come with a phone holder clip",
        "is the strap adjustable",
        "can you adjust the strap",
        "can i adjust the strap?",
        "does it squeak",
    )
    assert found == ["q1", "q2", "q2", "q2", "q5"]


def test_products_are_kept_apart():
    clusters = Clusters(Likeness(WordEmbedder(dim=384)))
    assert gather(clusters, "price", product_id="mug") == ["q1"]
    other = clusters.add([Question(9, 0, None, "price", "dress")])[0]
    assert other.cluster_id == "q9"
    found = clusters.find("how much", "dress")
    assert found is not None
    assert found.cluster_id == "q9"
    assert clusters.find("how much", None) is None


def test_the_clearest_wording_is_neither_short_nor_long():
    clusters = Clusters(Likeness(WordEmbedder(dim=384)))
    texts = (
        "hm",
        "how much is it?",
        "price",
        "ok so i have been watching for an hour and my sister wants one too so how much is it now",
    )
    gather(clusters, *texts)
    cluster = clusters.get("q1")
    assert cluster is not None
    assert (cluster.clearest.text, cluster.count) == ("how much is it?", 4)


def test_memory_is_bounded():
    clusters = Clusters(Likeness(WordEmbedder(dim=384)))
    asked = [Question(n, n, f"v{n % 50}", f"does it fit gadget {n % 900}") for n in range(1, 1500)]
    for question in asked:
        clusters.add([question])
    assert len(clusters.newest(10_000)) <= 600
    assert all(len(one.comments) <= 20 for one in clusters.newest(10_000))
    assert all(len(one.wordings) <= 8 for one in clusters.newest(10_000))


def change(cluster_id: str, count: int, last_s: int, **given: object) -> ClusterChange:
    return ClusterChange.model_validate(
        {
            "start_ms": last_s * 1000, "cluster_id": cluster_id, "question": "?", "lang": "en",
            "product_id": None, "count": count, "comments": (1,), "first_ms": 0,
            "last_ms": last_s * 1000, **given,
        }
    )  # fmt: skip


def test_many_ask_and_ask_still_before_what_was_answered():
    changes = [
        change("old", 10, 10),
        change("asked", 3, 590),
        change("many", 9, 500),
        change("said", 2, 200),
        change("said", 50, 590, answered_by="host"),
        change("many", 8, 560),
    ]
    ranked = rank_questions(changes, 600_000)
    assert [one.cluster_id for one in ranked] == ["many", "asked", "old", "said"]
    assert ranked[0].count == 8
    assert ranked[3].count == 50
