"""Recordings to be cut, and what each stage made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables of recordings and of their parts."""
    op.create_table(
        "recording",
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recording_id", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(255), nullable=False),
        sa.Column("file", sa.JSON(), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(255), nullable=True),
        sa.Column("content", sa.String(255), nullable=True),
        sa.Column("media", sa.JSON(), nullable=True),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.String(255), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "recording_id", name="pk_recording"),
        sa.UniqueConstraint(
            "workspace_id", "fingerprint", name="uq_recording_workspace_id_fingerprint"
        ),
    )
    op.create_index("ix_recording_workspace_id_content", "recording", ["workspace_id", "content"])
    op.create_table(
        "recording_part",
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.String(255), nullable=False),
        sa.Column("stage", sa.String(255), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("blob", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "content", "stage", "key", name="pk_recording_part"
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("recording_part")
    op.drop_index("ix_recording_workspace_id_content", "recording")
    op.drop_table("recording")
