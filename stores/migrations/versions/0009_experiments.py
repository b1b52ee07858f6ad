"""Experiments, the units that they exposed, and the weights that their winners changed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_NUMBER: sa.Double[float] = sa.Double()


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "experiment",
        *_owned(),
        sa.Column("experiment_id", sa.String(255), nullable=False),
        sa.Column("industry", sa.String(255), nullable=False),
        sa.Column("status", sa.String(255), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "experiment_id", name="pk_experiment"),
    )
    op.create_index(
        "ix_experiment_workspace_id_industry", "experiment", ["workspace_id", "industry"]
    )
    op.create_table(
        "experiment_unit",
        *_owned(),
        sa.Column("experiment_id", sa.String(255), nullable=False),
        sa.Column("unit", sa.String(255), nullable=False),
        sa.Column("variant_id", sa.String(255), nullable=False),
        sa.Column("propensity", _NUMBER, nullable=False),
        sa.Column("context", sa.JSON(), nullable=True),
        sa.Column("exposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", _NUMBER, nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("outcome_by", sa.String(255), nullable=True),
        _of_experiment("fk_experiment_unit_experiment"),
        sa.PrimaryKeyConstraint("workspace_id", "experiment_id", "unit", name="pk_experiment_unit"),
    )
    op.create_table(
        "template_weight",
        *_owned(),
        sa.Column("change_id", sa.String(255), nullable=False),
        sa.Column("industry", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(255), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("delta", _NUMBER, nullable=False),
        sa.Column("experiment_id", sa.String(255), nullable=False),
        sa.Column("winner", sa.String(255), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(255), nullable=True),
        _of_experiment("fk_template_weight_experiment"),
        sa.PrimaryKeyConstraint("workspace_id", "change_id", name="pk_template_weight"),
    )
    for column in ("industry", "experiment_id"):
        op.create_index(
            f"ix_template_weight_workspace_id_{column}",
            "template_weight",
            ["workspace_id", column],
        )


def downgrade() -> None:
    """Drop them."""
    for table in ("template_weight", "experiment_unit", "experiment"):
        op.drop_table(table)


def _owned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("workspace_id", sa.String(255), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _of_experiment(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "experiment_id"],
        ["experiment.workspace_id", "experiment.experiment_id"],
        name=name,
        ondelete="CASCADE",
    )
