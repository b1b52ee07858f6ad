import pytest

from tools.attributes import find_in_title, read_attributes, read_title


@pytest.mark.parametrize(
    ("title", "properties"),
    [
        ("Kiln Mug, 350 ml, set of 2", {"capacity": "350 ml", "pack size": "set of 2"}),
        ("Kettle 1.7 L 2200 W", {"capacity": "1.7 L", "power": "2200 W"}),
        ("Cushion cover 45 x 45 cm", {"dimensions": "45 x 45 cm"}),
        ("桑蚕丝夏凉被 500克", {"重量": "500克"}),
        ("Bottle 500 ml / 750 ml", {}),
        ("Rod 2.1 m 2.4 m", {}),
        ("Kiln Mug", {}),
    ],
)
def test_measures_in_a_name_become_properties(title: str, properties: dict[str, str]):
    assert read_title(title) == properties


@pytest.mark.parametrize(
    ("title", "attribute", "value"),
    [
        ("2018 New LUMENIX Ski Goggles Men Women UV400", "Brand Name", "LUMENIX"),
        ("Fell & Fern Leaf Tea, 24 Count", "Brand", "Fell & Fern"),
        ("Cap Men Women Unisex", "Gender", "Unisex"),
        ("Running Shorts Women's Navy", "Gender", "Women's"),
        ("Running Shorts Women's Navy", "Sport Type", "Running"),
        ("Running Shorts Women's Navy", "Color", "Navy"),
        ("Harness for dogs", "Gender", None),
        ("Ground Coffee, 24.2 Ounces (Pack of 3)", "Net content", "24.2 Ounces"),
        ("Ground Coffee, 24.2 Ounces (Pack of 3)", "Pack size", "Pack of 3"),
        ("Black Guitar Mahogany Body Ebony Fretboard", "Fingerboard Material", "Ebony"),
        ("Black Guitar Mahogany Body Ebony Fretboard", "Body Material", "Mahogany"),
        ("Sun Milk Broad Spectrum SPF 50+ 50ml", "Protection level", "Broad Spectrum SPF 50+"),
        ("Spinning Reel ZB207 UV400 3D", "Model Number", "ZB207"),
        ("Magnesium 500 mg Capsules", "Dosage", "500 mg"),
        ("Liquid Detergent, 32 Loads", "Load size", "32 Loads"),
        ("纯棉T恤 女款 白色", "颜色", "白色"),
    ],
)
def test_a_rule_reads_what_its_attribute_names(title: str, attribute: str, value: str | None):
    assert read_attributes(title, "goods", [attribute]).values.get(attribute) == value


def test_what_no_rule_knows_is_left_to_the_model_and_closed_classes_are_not():
    title = "Nordlys Shampoo, Lemon, Blush Rose Tint"
    reading = read_attributes(title, "shampoo", ["Scent", "Gender", "Model Number", "Brand"])
    assert reading.unsure == ("Scent", "Model Number", "Brand")


@pytest.mark.parametrize(
    ("value", "title", "words"),
    [
        ("lemon  & sage", "Shampoo, Lemon & Sage", "Lemon & Sage"),
        ("age", "Lemon & Sage", None),
        ("", "Lemon", None),
        ("Mint", "Lemon", None),
        ("香草", "香草味饼干", "香草"),
    ],
)
def test_a_value_is_kept_only_in_the_words_of_the_title(value: str, title: str, words: str | None):
    assert find_in_title(value, title) == words
