"""Which chat model the settings ask for."""

from domain.settings import Settings
from models.calls import CallRows
from models.chat import ChatModel
from models.embedded_llm import EmbeddedBackend, ModelFiles
from models.endpoint import EndpointBackend
from models.journaled_chat import JournaledChat
from models.prompts import PromptLibrary


def open_chat_model(
    settings: Settings,
    files: ModelFiles,
    calls: CallRows,
    *,
    prompts: PromptLibrary | None = None,
) -> ChatModel:
    """The chat model that `settings` name: the endpoint if one is configured, else the embedded.

    Cheap: nothing is loaded or connected before the first call.
    """
    library = prompts or PromptLibrary()
    if settings.chat.configured:
        return JournaledChat(EndpointBackend(settings.chat, library), calls, library)
    return JournaledChat(EmbeddedBackend(settings, files), calls, library)
