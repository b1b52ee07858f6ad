"""Watched streams, their logs and events."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables of streams."""
    op.create_table(
        "stream",
        *_owned(),
        sa.Column("stream_id", sa.String(255), nullable=False),
        sa.Column("status", sa.String(255), nullable=False),
        sa.Column("position_ms", sa.BigInteger(), nullable=False),
        sa.Column("resume_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("health", sa.JSON(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "stream_id", name="pk_stream"),
    )
    op.create_table(
        "stream_log",
        *_owned(),
        sa.Column("stream_id", sa.String(255), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(255), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        _of_stream("stream_log"),
        sa.PrimaryKeyConstraint("workspace_id", "stream_id", "seq", name="pk_stream_log"),
        sa.UniqueConstraint(
            "workspace_id", "stream_id", "key", name="uq_stream_log_workspace_id_stream_id_key"
        ),
    )
    op.create_index(
        "ix_stream_log_workspace_id_stream_id_kind_valid_from_ms",
        "stream_log",
        ["workspace_id", "stream_id", "kind", "valid_from_ms"],
    )
    op.create_table(
        "stream_event",
        *_owned(),
        sa.Column("stream_id", sa.String(255), nullable=False),
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("level", sa.String(255), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("available_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _of_stream("stream_event"),
        sa.PrimaryKeyConstraint("workspace_id", "stream_id", "event_id", name="pk_stream_event"),
    )
    op.create_index(
        "ix_stream_event_workspace_id_stream_id_level_start_ms",
        "stream_event",
        ["workspace_id", "stream_id", "level", "start_ms"],
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("stream_event", "stream_log", "stream"):
        op.drop_table(table)


def _owned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _of_stream(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "stream_id"],
        ["stream.workspace_id", "stream.stream_id"],
        name=f"fk_{table}_stream",
        ondelete="CASCADE",
    )
