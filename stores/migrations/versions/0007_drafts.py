"""Answers that lie ready before anyone asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table of drafts."""
    op.create_table(
        "draft",
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream_id", sa.String(255), nullable=False),
        sa.Column("cluster_id", sa.String(255), nullable=False),
        sa.Column("product_id", sa.String(255), nullable=False),
        sa.Column("product_version", sa.Integer(), nullable=False),
        sa.Column("live_seq", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "stream_id"],
            ["stream.workspace_id", "stream.stream_id"],
            name="fk_draft_stream",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "stream_id", "cluster_id", name="pk_draft"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("draft")
