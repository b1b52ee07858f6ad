"""What was read out of each content, so that the same bytes are read once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table of readings."""
    op.create_table(
        "reading",
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blob", sa.String(255), nullable=False),
        sa.Column("reader", sa.String(255), nullable=False),
        sa.Column("passages", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "blob", "reader", name="pk_reading"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("reading")
