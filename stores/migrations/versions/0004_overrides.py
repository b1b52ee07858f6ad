"""What persons allowed against a rule."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table of overrides."""
    op.create_table(
        "override",
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("override_id", sa.String(255), nullable=False),
        sa.Column("rule", sa.String(255), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("product_id", sa.String(255), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "override_id", name="pk_override"),
    )
    op.create_index(
        "ix_override_workspace_id_product_id", "override", ["workspace_id", "product_id"]
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("override")
