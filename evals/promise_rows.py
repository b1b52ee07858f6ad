"""Scenarios of host speech with what it promises, contradicts and resolves, one a JSON file."""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import InvalidInput
from domain.product import ProductRecord
from domain.watching import PromiseKind
from evals.rows import DATA

FOLDER = "LIVECUE_EVAL_PROMISES"
"""The variable that names another folder of scenarios, `training/promises` for instance."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SaidPromise(_Row):
    """What a line promises, in short, and on what condition."""

    kind: PromiseKind
    value: str
    condition: str | None = None


class Contradicts(_Row):
    """What a line says otherwise than the record, or than the line `earlier`."""

    what: Literal["record", "earlier"]
    field: str | None = None
    earlier: int | None = None
    why: str | None = None


class Resolves(_Row):
    """The line whose promise a line keeps or takes back."""

    line: int
    how: Literal["kept", "withdrawn"]


class ScenarioLine(_Row):
    """A sentence as it was transcribed, `t` seconds into the stream, and what is true of it."""

    n: int
    t: float
    text: str
    product_id: str | None = None
    promises: list[SaidPromise] = []
    contradicts: Contradicts | None = None
    resolves: Resolves | None = None


class ScenarioProduct(_Row):
    """A product of the line-up."""

    product_id: str
    record: ProductRecord


class Scenario(_Row):
    """A stretch of a broadcast."""

    scenario: str
    lang: str
    products: list[ScenarioProduct]
    lines: list[ScenarioLine]


def scenario_folder() -> Path:
    """Where the scenarios are: the frozen ones, or those that the variable names."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else DATA / "promises"


def read_scenarios(folder: Path) -> list[Scenario]:
    """The scenarios of a folder, by file name.

    Raises:
        InvalidInput: a file is none; the message names it and the first fault, not its rows.
    """
    found: list[Scenario] = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(Scenario.model_validate_json(path.read_text("utf-8")))
        except ValidationError as error:
            fault = error.errors(include_input=False)[0]
            place = ".".join(map(str, fault["loc"]))
            raise InvalidInput(
                f"{path.name} is no scenario: {place}: {fault['msg']}",
                hint="mend the file; evals/promise_rows.py has the format",
            ) from error
    return found
