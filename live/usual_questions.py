"""What viewers of every show ask, one wording for each matter: phrased before anybody does."""

from collections.abc import Mapping, Sequence

USUAL_QUESTIONS: Mapping[str, Sequence[str]] = {
    "en": (
        "how much is it",
        "when does it ship",
        "what is it made of",
        "what colours are there",
        "what sizes are there",
        "is it in stock",
        "how heavy is it",
        "can I return it",
        "is there a discount",
        "is shipping free",
        "where is it made",
        "how do I clean it",
        "how big is it",
        "is there a warranty",
    ),
    "zh": (
        "多少钱",
        "什么时候发货",
        "什么材质的",
        "有什么颜色",
        "有哪些尺寸",
        "还有货吗",
        "有多重",
        "可以退吗",
        "有优惠吗",
        "包邮吗",
        "产地是哪里",
        "怎么清洗",
        "多大",
        "有质保吗",
    ),
}
