"""The first schema: products, sources, copy, answers, jobs, the model-call journal.

Everything is spelled out here and nothing is taken from `stores.tables`, which moves on.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _word(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(255), nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


def _owned(
    table: str, key: list[str], *parts: sa.schema.SchemaItem, stamped: str = "created_at"
) -> None:
    """Create `table` with the columns that every table has."""
    op.create_table(
        table,
        _word("workspace_id"),
        _word("actor"),
        _time(stamped),
        *parts,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
    )


def upgrade() -> None:
    """Create every table."""
    _owned(
        "product",
        ["workspace_id", "product_id"],
        _word("product_id"),
        _text("name"),
        _number("latest_version"),
        _number("published_version", nullable=True),
        _time("updated_at"),
    )
    _owned(
        "product_version",
        ["workspace_id", "product_id", "version"],
        _word("product_id"),
        _number("version"),
        _word("status"),
        _json("document"),
        _word("save_key", nullable=True),
        _time("updated_at"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "product_id"],
            ["product.workspace_id", "product.product_id"],
            name="fk_product_version_product",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "workspace_id", "save_key", name="uq_product_version_workspace_id_save_key"
        ),
    )
    _owned(
        "source",
        ["workspace_id", "source_id"],
        _word("source_id"),
        _text("file"),
        _word("kind"),
        _word("media_type"),
        _word("blob"),
        sa.Column("size", sa.BigInteger(), nullable=False),
    )
    _owned(
        "upload",
        ["workspace_id", "upload_id"],
        _word("upload_id"),
        _text("file"),
        _word("media_type"),
        _word("blob"),
        sa.Column("size", sa.BigInteger(), nullable=False),
    )
    _owned(
        "copy",
        ["workspace_id", "copy_id"],
        _word("copy_id"),
        _word("product_id"),
        _number("product_version"),
        _json("document"),
    )
    op.create_index("ix_copy_workspace_id_product_id", "copy", ["workspace_id", "product_id"])
    _owned(
        "answer",
        ["workspace_id", "answer_id"],
        _word("answer_id"),
        _word("product_id", nullable=True),
        _word("status"),
        _json("document"),
    )
    op.create_index("ix_answer_workspace_id_status", "answer", ["workspace_id", "status"])
    _owned(
        "job",
        ["job_id"],
        _word("job_id"),
        _word("kind"),
        _word("status"),
        _json("input"),
        _json("result", nullable=True),
        _json("error", nullable=True),
        _word("fingerprint", nullable=True),
        _word("thread_id"),
        _number("attempts"),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        _word("lease_owner", nullable=True),
        _time("lease_until", nullable=True),
        _number("last_seq"),
        _time("updated_at"),
    )
    op.create_index(
        "ix_job_workspace_id_kind_fingerprint", "job", ["workspace_id", "kind", "fingerprint"]
    )
    op.create_index("ix_job_status", "job", ["status"])
    _owned(
        "job_event",
        ["job_id", "seq"],
        _word("job_id"),
        _number("seq"),
        _word("status"),
        _json("progress"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.job_id"], name="fk_job_event_job", ondelete="CASCADE"
        ),
        stamped="at",
    )
    _owned(
        "model_call",
        ["workspace_id", "key"],
        _word("key"),
        _text("model"),
        _text("prompt"),
        _text("response"),
        _number("prompt_tokens"),
        _number("completion_tokens"),
        _number("duration_ms"),
    )
    _owned(
        "idempotency",
        ["workspace_id", "route", "key"],
        _word("route"),
        _word("key"),
        _word("request_hash"),
        _number("status", nullable=True),
        _json("response", nullable=True),
    )
    _owned(
        "index_state",
        ["workspace_id", "product_id"],
        _word("product_id"),
        _number("version"),
        _word("embedder"),
    )


def downgrade() -> None:
    """Drop every table."""
    for table in (
        "index_state",
        "idempotency",
        "model_call",
        "job_event",
        "job",
        "answer",
        "copy",
        "upload",
        "source",
        "product_version",
        "product",
    ):
        op.drop_table(table)
