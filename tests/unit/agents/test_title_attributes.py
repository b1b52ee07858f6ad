from agents.product_analyst import ProductAnalyst
from domain.errors import ModelOutputInvalid
from domain.outputs import TitleAttributes
from models.prompts import PromptLibrary
from tests.fakes.label_classifier import LabelClassifier
from tests.fakes.scripted_chat import ScriptedChat
from tools.extraction.sorting import ClauseSorter

TITLE = "Nordlys Home Shampoo Bar, Lemon & Sage, for Women, 3 oz"


async def read(model: ScriptedChat, *attributes: str) -> dict[str, str]:
    analyst = ProductAnalyst(model, PromptLibrary(), ClauseSorter(LabelClassifier))
    return await analyst.read_attributes(TITLE, "Shampoo", attributes)


async def test_the_model_is_not_asked_for_what_rules_know() -> None:
    model = ScriptedChat()
    assert await read(model, "Gender", "Net content") == {"Gender": "Women", "Net content": "3 oz"}
    assert model.asked == []


async def test_the_model_is_asked_once_for_the_rest_and_checked_against_the_title() -> None:
    answer = TitleAttributes(
        values={
            "Brand": "nordlys home",
            "Scent": "Lemon & Sage",
            "Item form": "Gel",
            "Benefit": "Women",
            "Feature": "",
            "Gender": "Men",
            "Model": TITLE,
        }
    )
    model = ScriptedChat([answer])
    attributes = ("Gender", "Brand", "Scent", "Item form", "Benefit", "Feature", "Model")
    assert await read(model, *attributes) == {
        "Gender": "Women",
        "Brand": "Nordlys Home",
        "Scent": "Lemon & Sage",
    }
    asked = model.asked[0].messages[-1]["content"]
    assert "Scent | Item form" in asked
    assert "Gender" not in asked


async def test_without_a_shape_what_rules_read_stays() -> None:
    model = ScriptedChat([ModelOutputInvalid("no JSON", hint="try again")])
    assert await read(model, "Gender", "Scent") == {"Gender": "Women"}
