"""The configured vision model: pictures in the request, the reply in the journal."""

from domain.outputs import EventCaptions
from domain.settings import Endpoint, Settings
from models.prompts import PromptLibrary
from models.vision import open_vision_model, with_pictures
from stores.calls import CallStore
from stores.sql import Database
from tests.fakes.openai_server import OpenAIServer

PROMPTS = PromptLibrary()


def test_without_an_endpoint_nothing_sees_pictures(database: Database):
    assert open_vision_model(Settings(), CallStore(database), PROMPTS) is None


async def test_pictures_travel_as_data_and_a_seen_picture_is_not_asked_for_again(
    database: Database, openai_server: OpenAIServer
):
    endpoint = Endpoint(base_url=openai_server.base_url, model="eyes")
    model = open_vision_model(Settings(vision=endpoint), CallStore(database), PROMPTS)
    assert model is not None
    prompt = PROMPTS.render("events/caption", earlier=[], events=["a mug"], language="English")
    seen = with_pictures(prompt, [b"\xff\xd8one"])
    first = await model.parse(seen, EventCaptions)
    again = await model.parse(with_pictures(prompt, [b"\xff\xd8one"]), EventCaptions)
    other = await model.parse(with_pictures(prompt, [b"\xff\xd8two"]), EventCaptions)
    await model.aclose()
    assert [p.completion.cached for p in (first, again, other)] == [False, True, False]
    content = openai_server.requests[0]["messages"][-1]["content"]
    assert [part["type"] for part in content] == ["text", "image_url"]
    assert content[1]["image_url"]["url"].startswith("data:image/jpeg;base64,")
