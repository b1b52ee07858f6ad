from pathlib import Path

from domain.settings import Endpoint, Settings
from models.registry import JOBS, serving, survey
from models.store import ModelStore


def test_every_job_is_answered_for(tmp_path: Path):
    assert tuple(one.job for one in survey(Settings(), ModelStore(tmp_path))) == JOBS


def test_a_missing_file_is_named_with_its_command(tmp_path: Path):
    chat = serving("chat", Settings(), ModelStore(tmp_path))
    assert (chat.by, chat.state, chat.usable) == ("embedded", "missing", False)
    assert chat.hint == "run `livecue models pull chat`"
    assert chat.licence == "Apache-2.0"
    assert chat.where is not None
    assert chat.where.startswith(str(tmp_path))


def test_a_damaged_file_is_told(tmp_path: Path):
    store = ModelStore(tmp_path)
    for file in store.spec("asr").files:
        (tmp_path / "asr").mkdir(exist_ok=True)
        (tmp_path / "asr" / file.name).write_bytes(b"not it")
    asr = serving("asr", Settings(), store)
    assert (asr.state, asr.usable) == ("corrupt", False)


def test_models_that_come_with_packages_are_ready(tmp_path: Path):
    store = ModelStore(tmp_path)
    assert serving("embedding", Settings(), store).state == "ready"
    assert serving("ocr", Settings(), store).state == "ready"


def test_vision_has_nothing_embedded_and_says_so(tmp_path: Path):
    vision = serving("vision", Settings(), ModelStore(tmp_path))
    assert (vision.by, vision.state, vision.usable) == ("nothing", "not_configured", False)
    assert "LIVECUE_VISION" not in (vision.hint or "")


def test_a_vision_endpoint_is_told_to_be_unused(tmp_path: Path):
    settings = Settings(vision=Endpoint(base_url="http://llm.example/v1", model="sees"))
    vision = serving("vision", settings, ModelStore(tmp_path))
    assert (vision.by, vision.state, vision.usable) == ("endpoint", "configured", False)
    assert "not used yet" in (vision.hint or "")


def test_an_endpoint_is_shown_without_its_credentials(tmp_path: Path):
    settings = Settings(
        chat=Endpoint(base_url="https://me:secret@llm.example:8443/v1?key=secret", model="big")
    )
    chat = serving("chat", settings, ModelStore(tmp_path))
    assert (chat.by, chat.name, chat.state) == ("endpoint", "big", "configured")
    assert chat.where == "https://llm.example:8443/v1"
    assert "secret" not in str(chat.as_dict())
