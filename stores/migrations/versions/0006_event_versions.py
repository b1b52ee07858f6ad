"""Events of streams are kept as they were at each moment."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_KEY = ["workspace_id", "stream_id", "event_id"]


def upgrade() -> None:
    """An event has a row for each time from which a version of it can be read."""
    _set_key([*_KEY, "available_at_ms"])


def downgrade() -> None:
    """Only the newest version of an event stays."""
    newer = sa.text(
        "DELETE FROM stream_event WHERE EXISTS (SELECT 1 FROM stream_event AS newer"
        " WHERE newer.workspace_id = stream_event.workspace_id"
        " AND newer.stream_id = stream_event.stream_id"
        " AND newer.event_id = stream_event.event_id"
        " AND newer.available_at_ms > stream_event.available_at_ms)"
    )
    op.execute(newer)
    _set_key(_KEY)


def _set_key(columns: list[str]) -> None:
    with op.batch_alter_table("stream_event") as table:
        table.drop_constraint("pk_stream_event", type_="primary")
        table.create_primary_key("pk_stream_event", columns)
