"""What the clip store promises: clips come back, no edit is lost, workspaces share nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clip import Clip, ClipStatus
from domain.errors import NotFound, StateConflict
from domain.scope import Scope
from stores.clips import ClipStore
from stores.sql import open_database
from tests.fakes.clips_to_make import stored_clip

ANA, EVE = Scope("shop", "ana"), Scope("other", "eve")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ClipStore]:
    database = open_database(tmp_path / "livecue.sqlite")
    yield ClipStore(database)
    database.close()


def approve(clip: Clip) -> Clip:
    timeline = clip.timeline.model_copy(update={"version": clip.timeline.version + 1})
    return clip.model_copy(update={"status": ClipStatus.APPROVED, "timeline": timeline})


def test_a_clip_comes_back_as_it_was_put(store: ClipStore):
    put = store.put(ANA, stored_clip("clip_1", rendered=True, job_id="job_1"))
    assert store.get(ANA, "clip_1") == put
    assert put.actor == "ana"
    store.put(ANA, stored_clip("clip_2", recording_id="rec_2"))
    assert [one.clip_id for one in store.list(ANA)] == ["clip_1", "clip_2"]
    assert [one.clip_id for one in store.list(ANA, recording_id="rec_2")] == ["clip_2"]
    assert [one.clip_id for one in store.list(ANA, job_id="job_1")] == ["clip_1"]
    assert store.put(ANA, put)
    assert len(store.list(ANA)) == 2


def test_an_edit_of_what_was_not_seen_is_refused(store: ClipStore):
    store.put(ANA, stored_clip("clip_1"))
    assert store.change(ANA, "clip_1", approve, version=1).status is ClipStatus.APPROVED
    with pytest.raises(StateConflict, match="version 2 by now"):
        store.change(ANA, "clip_1", approve, version=1)
    assert store.get(ANA, "clip_1").timeline.version == 2


def test_workspaces_share_nothing(store: ClipStore):
    store.put(ANA, stored_clip("clip_1"))
    assert list(store.list(EVE)) == []
    for act in (store.get, store.delete):
        with pytest.raises(NotFound):
            act(EVE, "clip_1")
    store.delete(ANA, "clip_1")
    with pytest.raises(NotFound):
        store.get(ANA, "clip_1")
