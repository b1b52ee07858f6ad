"""Clips that were arranged from recordings, and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table of clips."""
    op.create_table(
        "clip",
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clip_id", sa.String(255), nullable=False),
        sa.Column("recording_id", sa.String(255), nullable=False),
        sa.Column("job_id", sa.String(255), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "clip_id", name="pk_clip"),
    )
    op.create_index("ix_clip_workspace_id_recording_id", "clip", ["workspace_id", "recording_id"])
    op.create_index("ix_clip_workspace_id_job_id", "clip", ["workspace_id", "job_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("clip")
