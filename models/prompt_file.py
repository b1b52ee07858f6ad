"""A prompt file: how it is read, identified and rendered.

A prompt is `prompts/<agent>/<task>.md`: YAML front matter (`id`, `version`, `description`,
`inputs`, `output`, `notes`) and a body whose `# system`, `# user` and `# assistant` headings
split it into messages. Each message is a Jinja2 template of its own, so rendered text can never
become a heading. Text from outside Livecue goes through the `data` filter.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import yaml
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain import outputs
from domain.errors import PromptInvalid

ROLES = ("system", "user", "assistant")
PROMPT_ID = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_HEADING = re.compile(rf"^# ({'|'.join(ROLES)})[ \t]*$", re.MULTILINE)
_DATA_TAG = re.compile(r"<(?=\s*/?\s*data\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PromptRef:
    """Which prompt was used: `hash` is the SHA-256 (hex) of the normalised file."""

    id: str
    version: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}@{self.version}+{self.hash[:12]}"


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """Messages ready to send (`{"role", "content"}`), and the shape that they ask for."""

    ref: PromptRef
    messages: tuple[dict[str, str], ...]
    output: type[BaseModel] | None


class FrontMatter(BaseModel):
    """The head of a prompt file.

    `inputs` is a JSON Schema whose properties are the template's variables; a property with
    `x-outside: true` holds text that others wrote. `output` names a class in `domain.outputs`,
    or is null for free text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=rf"^{PROMPT_ID.pattern}$")
    version: int = Field(ge=1)
    description: str = Field(min_length=1)
    inputs: dict[str, Any]
    output: str | None
    notes: str = ""


def fence_data(value: object) -> str:
    """Outside text between `<data>` and `</data>`, unable to close or reopen the fence itself.

    The `<` of a data tag inside the text becomes `‹`; nothing else changes, so that quotes taken
    from it still match the source. Lists and mappings are written as JSON.
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = _DATA_TAG.sub("‹", text.strip())
    return f"<data>\n{text}\n</data>" if "\n" in text else f"<data>{text}</data>"


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters["data"] = fence_data
    return environment


ENVIRONMENT = _environment()
"""The one sandbox that every prompt is compiled in."""


@dataclass(frozen=True)
class Prompt:
    """A prompt file as read; `sections` are (role, template source) in file order."""

    ref: PromptRef
    front: FrontMatter
    sections: tuple[tuple[str, str], ...]
    output: type[BaseModel] | None = field(default=None)

    @property
    def variables(self) -> dict[str, dict[str, Any]]:
        """The declared inputs by name, each with its JSON Schema."""
        return cast("dict[str, dict[str, Any]]", self.front.inputs.get("properties", {}))

    @cached_property
    def _templates(self) -> tuple[tuple[str, Template], ...]:
        try:
            return tuple((role, ENVIRONMENT.from_string(text)) for role, text in self.sections)
        except TemplateError as error:
            raise self._invalid(f"the template does not compile: {error}") from error

    def render(self, **inputs: object) -> RenderedPrompt:
        """The messages for `inputs`; raises PromptInvalid if these do not fit the schema."""
        filled = self._checked(inputs)
        try:
            messages = tuple(
                {"role": role, "content": template.render(filled).strip()}
                for role, template in self._templates
            )
        except (TemplateError, TypeError, ValueError) as error:
            raise self._invalid(f"it does not render: {error}") from error
        return RenderedPrompt(self.ref, messages, self.output)

    def _checked(self, inputs: Mapping[str, object]) -> dict[str, object]:
        from jsonschema import Draft202012Validator

        unknown = sorted(inputs.keys() - self.variables.keys())
        if unknown:
            raise self._invalid(f"it has no input {', '.join(unknown)}")
        defaults = {n: s["default"] for n, s in self.variables.items() if "default" in s}
        filled = defaults | dict(inputs)
        validator = cast("Any", Draft202012Validator(self.front.inputs))
        for error in cast("Iterable[Any]", validator.iter_errors(_as_json(filled))):
            raise self._invalid(f"its inputs do not fit: {error.json_path}: {error.message}")
        return filled

    def _invalid(self, problem: str) -> PromptInvalid:
        return PromptInvalid(
            f"Prompt {self.ref.id}: {problem}.",
            hint=f"See `livecue prompts show {self.ref.id}` for its inputs.",
        )


def _as_json(value: object) -> object:
    """Tuples as lists, which is how JSON Schema knows arrays."""
    match value:
        case Mapping():
            return {k: _as_json(v) for k, v in cast("Mapping[str, object]", value).items()}
        case list() | tuple():
            return [_as_json(item) for item in cast("Iterable[object]", value)]
        case _:
            return value


def parse_prompt(text: str, where: str) -> Prompt:
    """A prompt from a file's text; `where` names the file in errors (PromptInvalid)."""

    def invalid(problem: str) -> PromptInvalid:
        return PromptInvalid(
            f"{where}: {problem}", hint="See docs/architecture.md for the prompt file format."
        )

    normal = text.removeprefix("\ufeff").replace("\r\n", "\n").strip() + "\n"
    match = _FRONT_MATTER.match(normal)
    if match is None:
        raise invalid("it does not start with YAML front matter between two `---` lines")
    try:
        front = FrontMatter.model_validate(yaml.safe_load(match[1]))
    except (yaml.YAMLError, ValidationError) as error:
        raise invalid(f"its front matter is not valid: {error}") from error
    before, *parts = _HEADING.split(match[2])
    if before.strip() or not parts:
        raise invalid("its body must start with `# system` or `# user`")
    output = None if front.output is None else getattr(outputs, front.output, None)
    if front.output is not None and not (
        isinstance(output, type) and issubclass(output, outputs.Output)
    ):
        raise invalid(f"its output `{front.output}` is no class in domain/outputs.py")
    return Prompt(
        ref=PromptRef(front.id, front.version, hashlib.sha256(normal.encode()).hexdigest()),
        front=front,
        sections=tuple(zip(parts[::2], (body.strip() for body in parts[1::2]), strict=True)),
        output=output,
    )
