"""The prompts of a folder: found by id, read anew when they change, checked."""

from pathlib import Path

from domain.errors import NotFound, PromptInvalid
from models.prompt_file import PROMPT_ID, Prompt, PromptRef, RenderedPrompt, parse_prompt
from models.prompt_lint import LintProblem, lint_prompt

__all__ = ["LintProblem", "PromptLibrary", "PromptRef", "RenderedPrompt"]


class PromptLibrary:
    """The prompts under `root` (the checkout's `prompts/` by default).

    A changed file is read anew, so that a prompt can be worked on while a server runs.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or Path(__file__).resolve().parent.parent / "prompts"
        self._read: dict[str, tuple[tuple[int, int], Prompt]] = {}

    def ids(self) -> list[str]:
        """Every prompt's id, sorted."""
        return sorted(
            path.relative_to(self.root).with_suffix("").as_posix()
            for path in self.root.glob("*/*.md")
        )

    def get(self, id: str) -> Prompt:  # noqa: A002 (the word that everything else uses)
        """The prompt `id`; NotFound if there is none, PromptInvalid if its file is not right."""
        path = self.root / f"{id}.md"
        if not (PROMPT_ID.fullmatch(id) and path.is_file()):
            raise NotFound(f"There is no prompt `{id}`.", hint="See `livecue prompts list`.")
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        if id not in self._read or self._read[id][0] != stamp:
            prompt = parse_prompt(path.read_text(encoding="utf-8"), f"prompts/{id}.md")
            self._read[id] = (stamp, prompt)
        return self._read[id][1]

    def render(self, id: str, /, **inputs: object) -> RenderedPrompt:  # noqa: A002
        """The messages of prompt `id` for `inputs`."""
        return self.get(id).render(**inputs)

    def lint(self) -> list[LintProblem]:
        """What is wrong with the prompt files (`livecue prompts lint`); empty when all is well."""
        problems: list[LintProblem] = []
        for prompt_id in self.ids():
            try:
                prompt = self.get(prompt_id)
            except PromptInvalid as error:
                problems.append(LintProblem(f"prompts/{prompt_id}.md", error.message))
                continue
            problems.extend(lint_prompt(prompt, prompt_id))
        return problems
