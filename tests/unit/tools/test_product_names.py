import pytest

from tools.product_names import mentions, same_goods


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Kiln Mug", "kiln  mug"),
        ("Kiln Mug", "Emberlow Kiln Mug"),
        ("Kiln Mug", "Kiln Mug Moss 350 ml"),
        ("桑蚕丝夏凉被", "栖桑桑蚕丝夏凉被"),
        ("保湿面霜", "保湿面霜 50g"),
    ],
)
def test_a_brand_before_and_a_variant_after_change_nothing(a: str, b: str) -> None:
    assert same_goods(a, b)
    assert same_goods(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [("Kiln Mug", "Kiln Mug Lid"), ("Kiln Mug", "Kiln Bowl"), ("夏凉被", "夏凉被套"), ("Mug", "")],
)
def test_another_thing_is_another_thing(a: str, b: str) -> None:
    assert not same_goods(a, b)


def test_a_text_mentions_goods_when_all_words_of_the_name_stand_in_it() -> None:
    assert mentions("The Dawn Bowl Set goes live", "Dawn Bowl Set")
    assert mentions("对了，亚麻凉席下周才上", "亚麻凉席")
    assert not mentions("A bowl at dawn of stone", "Dusk Bowl")
    assert not mentions("anything", "")
