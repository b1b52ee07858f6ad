"""What `livecue doctor` looks at."""

import shutil
from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.errors import LivecueError
from domain.scope import Scope
from domain.settings import MIB, Settings
from models.prompts import PromptLibrary
from models.registry import survey
from models.store import ModelStore
from stores.sql import Database
from tools.catalog import Catalog

_LOW_DISK_BYTES = 2048 * MIB


_UNUSED: dict[str, Literal["ok", "warning"]] = {"not_configured": "ok", "configured": "warning"}
"""States of a job that nothing serves yet; any other that is not usable wants a mend."""


class Check(BaseModel):
    """One finding: `warning` works but wants a look; `failed` has a mend."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    state: Literal["ok", "warning", "failed"]
    message: str
    hint: str = ""


def diagnose(
    *,
    settings: Settings,
    models: ModelStore,
    prompts: PromptLibrary,
    database: Database,
    catalog: Catalog,
    scope: Scope,
) -> list[Check]:
    """Every check, in the order in which one would look; loads no model."""
    checks = [_home(settings), *_disk(settings), _database(database)]
    checks += _models(settings, models)
    checks += _prompts(prompts)
    checks.append(_index(catalog, scope))
    return checks


def _home(settings: Settings) -> Check:
    return Check(name="home", state="ok", message=str(settings.home_path))


def _disk(settings: Settings) -> list[Check]:
    checks: list[Check] = []
    for name, path in (("disk home", settings.home_path), ("disk models", settings.models_path)):
        existing = next(folder for folder in (path, *path.parents) if folder.exists())
        free = shutil.disk_usage(existing).free
        low = free < _LOW_DISK_BYTES
        checks.append(
            Check(
                name=name,
                state="warning" if low else "ok",
                message=f"{free // MIB} MiB free at {existing}",
                hint="make room; a broadcast needs about 2 GiB" if low else "",
            )
        )
    return checks


def _database(database: Database) -> Check:
    backend = database.engine.dialect.name
    with database.reading() as session:
        if backend == "sqlite":
            verdict = session.connection().exec_driver_sql("PRAGMA quick_check").scalar()
            if verdict != "ok":
                return Check(
                    name="database",
                    state="failed",
                    message=f"SQLite reports damage: {verdict}",
                    hint="restore livecue.sqlite from a backup",
                )
        else:
            session.connection().exec_driver_sql("SELECT 1")
    return Check(name="database", state="ok", message=f"{backend}, schema is the newest")


def _models(settings: Settings, models: ModelStore) -> list[Check]:
    return [
        Check(
            name=f"model {found.job}",
            state="ok" if found.usable else _UNUSED.get(found.state, "failed"),
            message=f"{found.name or 'none'}: {found.state.replace('_', ' ')}",
            hint=found.hint or "",
        )
        for found in survey(settings, models)
    ]


def _prompts(prompts: PromptLibrary) -> list[Check]:
    problems = prompts.lint()
    if not problems:
        return [Check(name="prompts", state="ok", message=f"{len(prompts.ids())} files")]
    return [
        Check(name="prompts", state="failed", message=str(problem), hint="`livecue prompts lint`")
        for problem in problems
    ]


def _index(catalog: Catalog, scope: Scope) -> Check:
    try:
        facts = catalog.check_index(scope)
    except LivecueError as error:
        return Check(name="index", state="failed", message=error.message, hint=error.hint)
    return Check(name="index", state="ok", message=f"{facts} facts of published products")
