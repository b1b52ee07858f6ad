from pathlib import Path

import pytest

from models.prompt_lint import lint_python
from models.prompts import PromptLibrary

ROOT = Path(__file__).resolve().parents[3]
FLOORS = ("agents", "graphs", "tools", "live", "models", "evals", "api", "cli")


def test_the_prompts_of_this_checkout_are_in_order() -> None:
    assert [str(problem) for problem in PromptLibrary().lint()] == []


def test_no_prompt_hides_in_our_python() -> None:
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    assert files
    assert [str(problem) for path in files for problem in lint_python(path)] == []


@pytest.mark.parametrize(
    "code",
    [
        'SystemMessage("Be brief.")',
        'messages.HumanMessage(content="Be " + tone)',
        'AIMessage(f"{name} is here")',
        '{"role": "system", "content": "Be brief."}',
        f'TEXT = "You are a copywriter. {"Write for the host on air. " * 8}"',
        f'TEXT = f"""Your task is to sell {{x}}. {"Write for the host on air. " * 8}"""',
        f'TEXT = "你是直播助理。{"请写一句话给主播，不要超过三十个字。" * 14}"',
    ],
)
def test_a_hidden_prompt_is_found(tmp_path: Path, code: str) -> None:
    path = tmp_path / "agent.py"
    path.write_text(code, encoding="utf-8")
    assert len(lint_python(path)) == 1


@pytest.mark.parametrize(
    "code",
    [
        f'def f():\n    """You are here. {"This explains. " * 20}"""',
        "SystemMessage(rendered.text)",
        '{"role": message.role, "content": message.content}',
        f'raise E("The file is damaged. {"Fetch it again with the command. " * 8}")',
        'LABEL = "You are a host. Speak."',
    ],
)
def test_other_text_is_left_alone(tmp_path: Path, code: str) -> None:
    path = tmp_path / "agent.py"
    path.write_text(code, encoding="utf-8")
    assert lint_python(path) == []
