"""The SQL schema; every table carries the workspace and the actor of its last write.

`stores/migrations` builds the same schema step by step; a test holds the two together.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Double,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time; SQLite drops the zone, so it is stored as UTC and read back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in; a naive time is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Document = dict[str, Any]
"""A JSON object; its shape is that of the pydantic model that the store of the row names."""


class Base(DeclarativeBase):
    """The declarative base; JSON columns hold objects."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy as a class variable
        Document: JSON(none_as_null=True),
        datetime: UtcDateTime,
        str: String(255),
    }


class Owned:
    """What every row has: whose it is, and who wrote it last; the workspace leads each key."""

    workspace_id: Mapped[str] = mapped_column(primary_key=True, sort_order=-3)
    actor: Mapped[str] = mapped_column(sort_order=-2)
    created_at: Mapped[datetime] = mapped_column(sort_order=-1)


class ProductRow(Owned, Base):
    """A product: its newest and its published version number."""

    __tablename__ = "product"

    product_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    latest_version: Mapped[int]
    published_version: Mapped[int | None]
    updated_at: Mapped[datetime]


class ProductVersionRow(Owned, Base):
    """One version; `document` is a `ProductDocument`, whose status lives in `status`."""

    __tablename__ = "product_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "product_id"],
            ["product.workspace_id", "product.product_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("workspace_id", "save_key"),
    )

    product_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    document: Mapped[Document]
    save_key: Mapped[str | None]
    updated_at: Mapped[datetime]


class CorrectionRow(Owned, Base):
    """A person's correction, numbered within its product; `version` is the first that has it.

    `actor` and `created_at` tell who stored it and when, `by` and `at` whose it is: an imported one
    was made elsewhere.
    """

    __tablename__ = "correction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "product_id"],
            ["product.workspace_id", "product.product_id"],
            ondelete="CASCADE",
        ),
    )

    product_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    field: Mapped[str] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    was: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    settles: Mapped[bool]
    among: Mapped[list[str]] = mapped_column(JSON)
    by: Mapped[str]
    at: Mapped[datetime]


class SourceRow(Owned, Base):
    """A piece of product material; `blob` is its SHA-256."""

    __tablename__ = "source"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    kind: Mapped[str]
    media_type: Mapped[str]
    blob: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)


class ReadingRow(Owned, Base):
    """The blob of passages that a reader found in a content (both by SHA-256)."""

    __tablename__ = "reading"

    blob: Mapped[str] = mapped_column(primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    passages: Mapped[str]


class UploadRow(Owned, Base):
    """A file that was sent in, before anything reads it."""

    __tablename__ = "upload"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str]
    blob: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)


class CopyRow(Owned, Base):
    """A finished `Copy`."""

    __tablename__ = "copy"
    __table_args__ = (Index(None, "workspace_id", "product_id"),)

    copy_id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str]
    product_version: Mapped[int]
    document: Mapped[Document]


class StreamRow(Owned, Base):
    """A watched stream; `spec` and `health` are a `StreamSpec` and a `StreamHealth`."""

    __tablename__ = "stream"

    stream_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    position_ms: Mapped[int] = mapped_column(BigInteger)
    resume_ms: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    spec: Mapped[Document]
    health: Mapped[Document]
    error: Mapped[Document | None]
    updated_at: Mapped[datetime]


class StreamLogRow(Owned, Base):
    """A row of a stream's log; `document` is a `LogRow`, `key` keeps it from coming twice."""

    __tablename__ = "stream_log"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "stream_id"],
            ["stream.workspace_id", "stream.stream_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("workspace_id", "stream_id", "key"),
        Index(None, "workspace_id", "stream_id", "kind", "valid_from_ms"),
    )

    stream_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str]
    start_ms: Mapped[int] = mapped_column(BigInteger)
    valid_from_ms: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str]
    document: Mapped[Document]


class StreamEventRow(Owned, Base):
    """An event of a stream, or a roll-up, as it was from `available_at_ms` on.

    `document` is an `Event`; a changed event is a further row.
    """

    __tablename__ = "stream_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "stream_id"],
            ["stream.workspace_id", "stream.stream_id"],
            ondelete="CASCADE",
        ),
        Index(None, "workspace_id", "stream_id", "level", "start_ms"),
    )

    stream_id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    start_ms: Mapped[int] = mapped_column(BigInteger)
    end_ms: Mapped[int] = mapped_column(BigInteger)
    available_at_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    document: Mapped[Document]
    updated_at: Mapped[datetime]


class DraftRow(Owned, Base):
    """An `Answer` that lies ready for a question of many, and what it was drafted from."""

    __tablename__ = "draft"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "stream_id"],
            ["stream.workspace_id", "stream.stream_id"],
            ondelete="CASCADE",
        ),
    )

    stream_id: Mapped[str] = mapped_column(primary_key=True)
    cluster_id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str]
    product_version: Mapped[int]
    live_seq: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[Document]


class RecordingRow(Owned, Base):
    """A recording to be cut; `file`, `media` and `results` are as in `domain.recording.Recording`.

    `fingerprint` is equal for requests that mean the same file and options.
    """

    __tablename__ = "recording"
    __table_args__ = (
        UniqueConstraint("workspace_id", "fingerprint"),
        Index(None, "workspace_id", "content"),
    )

    recording_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    file: Mapped[Document]
    products: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str | None]
    content: Mapped[str | None]
    media: Mapped[Document | None]
    results: Mapped[Document]
    job_id: Mapped[str | None]
    updated_at: Mapped[datetime]


class RecordingPartRow(Owned, Base):
    """The blob that a stage made of a content; `key` tells of what else, and by which weights."""

    __tablename__ = "recording_part"

    content: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    blob: Mapped[str]


class OverrideRow(Owned, Base):
    """A person's decision that a rule does not object to a wording; `actor` is that person."""

    __tablename__ = "override"
    __table_args__ = (Index(None, "workspace_id", "product_id"),)

    override_id: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str]
    quote: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    product_id: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]


class AnswerRow(Owned, Base):
    """A given `Answer`; the abstained and escalated ones are the unanswered queue."""

    __tablename__ = "answer"
    __table_args__ = (Index(None, "workspace_id", "status"),)

    answer_id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str | None]
    status: Mapped[str]
    document: Mapped[Document]


class JobRow(Base):
    """A job, its lease and the number of its last event."""

    __tablename__ = "job"
    __table_args__ = (
        Index(None, "workspace_id", "kind", "fingerprint"),
        Index(None, "status"),
    )

    job_id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    actor: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    input: Mapped[Document]
    result: Mapped[Document | None]
    error: Mapped[Document | None]
    fingerprint: Mapped[str | None]
    thread_id: Mapped[str]
    attempts: Mapped[int]
    cancel_requested: Mapped[bool]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    last_seq: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class JobEventRow(Base):
    """One line of a job's progress log."""

    __tablename__ = "job_event"
    __table_args__ = (ForeignKeyConstraint(["job_id"], ["job.job_id"], ondelete="CASCADE"),)

    job_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    status: Mapped[str]
    progress: Mapped[Document]


class ModelCallRow(Owned, Base):
    """A journaled model call, by the hash of all that decides its response."""

    __tablename__ = "model_call"

    key: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(Text)
    prompt: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(Text)
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    duration_ms: Mapped[int]


class IdempotencyRow(Owned, Base):
    """What a POST with an idempotency key answered; no status yet means still at work."""

    __tablename__ = "idempotency"

    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int | None]
    response: Mapped[Document | None]


class IndexStateRow(Owned, Base):
    """Which version of a product the vector index holds, and by which embedder."""

    __tablename__ = "index_state"

    product_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    embedder: Mapped[str]


class ExperimentRow(Owned, Base):
    """An experiment; `document` is its `ExperimentPlan`."""

    __tablename__ = "experiment"
    __table_args__ = (Index(None, "workspace_id", "industry"),)

    experiment_id: Mapped[str] = mapped_column(primary_key=True)
    industry: Mapped[str]
    status: Mapped[str]
    document: Mapped[Document]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None]


class ExperimentUnitRow(Owned, Base):
    """A unit's exposure, by `actor`, and its outcome, by `outcome_by`, once that is known."""

    __tablename__ = "experiment_unit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "experiment_id"],
            ["experiment.workspace_id", "experiment.experiment_id"],
            ondelete="CASCADE",
        ),
    )

    experiment_id: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    variant_id: Mapped[str]
    propensity: Mapped[float] = mapped_column(Double)
    context: Mapped[Document | None]
    exposed_at: Mapped[datetime]
    value: Mapped[float | None] = mapped_column(Double)
    outcome_at: Mapped[datetime | None]
    late: Mapped[bool]
    outcome_by: Mapped[str | None]


class TemplateWeightRow(Owned, Base):
    """A step in an industry's weight of a tag bigram or a storyline's template."""

    __tablename__ = "template_weight"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "experiment_id"],
            ["experiment.workspace_id", "experiment.experiment_id"],
            ondelete="CASCADE",
        ),
        Index(None, "workspace_id", "industry"),
        Index(None, "workspace_id", "experiment_id"),
    )

    change_id: Mapped[str] = mapped_column(primary_key=True)
    industry: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(Text)
    delta: Mapped[float] = mapped_column(Double)
    experiment_id: Mapped[str]
    winner: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class ClipRow(Owned, Base):
    """A clip; `document` is its `domain.clip.Clip`, `job_id` the job that makes it."""

    __tablename__ = "clip"
    __table_args__ = (
        Index(None, "workspace_id", "recording_id"),
        Index(None, "workspace_id", "job_id"),
    )

    clip_id: Mapped[str] = mapped_column(primary_key=True)
    recording_id: Mapped[str]
    job_id: Mapped[str | None]
    document: Mapped[Document]
    updated_at: Mapped[datetime]
