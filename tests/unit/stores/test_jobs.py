import threading
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotFound, StateConflict
from domain.job import Job, JobStatus
from domain.progress import Progress
from domain.scope import Scope
from stores.jobs import JobStore
from stores.sql import Database

LEASE = 30.0


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def jobs(database: Database, clock: Hands) -> JobStore:
    return JobStore(database, clock)


def step(message: str) -> Progress:
    return Progress(stage="read", message=message)


def claimed(jobs: JobStore, scope: Scope, owner: str = "me") -> Job:
    job = jobs.claim(scope, jobs.create(scope, "prepare", {}).job_id, owner, LEASE)
    assert job is not None
    return job


def test_a_new_job_is_queued(jobs: JobStore, scope: Scope, clock: Hands):
    job = jobs.create(scope, "prepare", {"uploads": ["a"]}, "print")
    assert job.status is JobStatus.QUEUED
    assert (job.workspace_id, job.actor, job.attempts) == ("shop", "ana", 0)
    assert job.created_at == clock.now
    assert jobs.get(scope, job.job_id) == job
    with pytest.raises(NotFound, match=job.job_id):
        jobs.get(Scope("other"), job.job_id)


def test_a_claim_leases_the_job_to_one_owner(jobs: JobStore, scope: Scope, clock: Hands):
    job = jobs.create(scope, "prepare", {})
    mine = jobs.claim(scope, job.job_id, "me", LEASE)
    assert mine is not None
    assert (mine.status, mine.attempts, mine.lease_owner) == (JobStatus.RUNNING, 1, "me")
    assert mine.lease_until == clock.now + timedelta(seconds=LEASE)
    assert jobs.claim(scope, job.job_id, "you", LEASE) is None
    assert jobs.claim(Scope("other"), job.job_id, "you", LEASE) is None

    clock.move(LEASE + 1)
    taken_over = jobs.claim(scope, job.job_id, "you", LEASE)
    assert taken_over is not None
    assert taken_over.attempts == 2


def test_threads_that_claim_one_job_get_it_once(database: Database, scope: Scope):
    jobs = JobStore(database)
    for _ in range(10):
        job = jobs.create(scope, "prepare", {})
        barrier = threading.Barrier(4)
        won: list[str] = []

        def race(name: str, job_id: str = job.job_id, at: threading.Barrier = barrier) -> None:
            at.wait()
            if jobs.claim(scope, job_id, name, LEASE) is not None:
                won.append(name)  # noqa: B023 - joined before the next round

        threads = [threading.Thread(target=race, args=(f"t{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [jobs.get(scope, job.job_id).lease_owner] == won


def test_a_heartbeat_prolongs_the_lease_and_brings_the_cancel(
    jobs: JobStore, scope: Scope, clock: Hands
):
    job = claimed(jobs, scope)
    clock.move(LEASE - 1)
    assert jobs.heartbeat(job.job_id, "me", LEASE) is False
    clock.move(LEASE - 1)
    assert jobs.claim(scope, job.job_id, "you", LEASE) is None
    jobs.request_cancel(scope, job.job_id)
    assert jobs.heartbeat(job.job_id, "me", LEASE) is True


def test_a_heartbeat_after_the_job_was_taken_over_says_stop(
    jobs: JobStore, scope: Scope, clock: Hands
):
    job = claimed(jobs, scope)
    clock.move(LEASE + 1)
    jobs.claim(scope, job.job_id, "you", LEASE)
    assert jobs.heartbeat(job.job_id, "me", LEASE) is True
    with pytest.raises(StateConflict, match="not running here"):
        jobs.finish(job.job_id, JobStatus.SUCCEEDED, result={}, owner="me")
    assert jobs.finish(job.job_id, JobStatus.SUCCEEDED, result={"n": 1}, owner="you").result == {
        "n": 1
    }


def test_the_log_has_no_gaps_and_no_repeats(database: Database, scope: Scope):
    jobs = JobStore(database)
    job = claimed(jobs, scope)

    def write(name: str) -> None:
        for n in range(10):
            jobs.append(job.job_id, step(f"{name}{n}"), JobStatus.RUNNING)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = jobs.events(scope, job.job_id)
    assert [event.seq for event in events] == list(range(1, 41))
    assert len({event.progress.message for event in events}) == 40
    assert [event.seq for event in jobs.events(scope, job.job_id, 38)] == [39, 40]
    assert [event.seq for event in jobs.events(scope, job.job_id, 3, limit=2)] == [4, 5]


def test_the_log_of_a_foreign_or_unknown_job_is_not_found(jobs: JobStore, scope: Scope):
    job = claimed(jobs, scope)
    with pytest.raises(NotFound):
        jobs.events(Scope("other"), job.job_id)
    with pytest.raises(NotFound, match="job-none"):
        jobs.append("job-none", step("x"), JobStatus.RUNNING)


def test_a_waiting_job_goes_on_after_the_decision(jobs: JobStore, scope: Scope):
    job = claimed(jobs, scope)
    waiting = jobs.finish(job.job_id, JobStatus.WAITING, result={"waiting_for": []})
    assert (waiting.lease_owner, waiting.lease_until) == (None, None)
    assert jobs.waiting(scope, "prepare") == [waiting]
    assert jobs.waiting(scope, "copy") == []
    again = jobs.claim(scope, job.job_id, "me", LEASE)
    assert again is not None
    done = jobs.finish(job.job_id, JobStatus.SUCCEEDED, result={"ok": True})
    assert done.status is JobStatus.SUCCEEDED
    with pytest.raises(StateConflict):
        jobs.finish(job.job_id, JobStatus.FAILED)
    with pytest.raises(StateConflict, match="succeeded"):
        jobs.requeue(scope, job.job_id)


def test_a_failed_job_can_be_queued_again(jobs: JobStore, scope: Scope):
    job = claimed(jobs, scope)
    jobs.finish(job.job_id, JobStatus.FAILED, error={"code": "x"})
    assert jobs.claim(scope, job.job_id, "me", LEASE) is None
    queued = jobs.requeue(scope, job.job_id)
    assert (queued.status, queued.error) == (JobStatus.QUEUED, None)
    assert jobs.claim(scope, job.job_id, "me", LEASE) is not None
    with pytest.raises(StateConflict, match="running"):
        jobs.requeue(scope, job.job_id)


def test_cancel_is_at_once_where_nobody_works(jobs: JobStore, scope: Scope):
    queued = jobs.create(scope, "prepare", {})
    assert jobs.request_cancel(scope, queued.job_id).status is JobStatus.CANCELLED
    assert jobs.claim(scope, queued.job_id, "me", LEASE) is None
    with pytest.raises(StateConflict, match="already cancelled"):
        jobs.request_cancel(scope, queued.job_id)
    jobs.requeue(scope, queued.job_id)
    running = jobs.claim(scope, queued.job_id, "me", LEASE)
    assert running is not None
    assert running.cancel_requested is False
    asked = jobs.request_cancel(scope, queued.job_id)
    assert (asked.status, asked.cancel_requested) == (JobStatus.RUNNING, True)


def test_orphans_are_queued_and_cancelled_ones_stay_cancelled(jobs: JobStore, scope: Scope):
    dead, doomed, mine = (claimed(jobs, scope, owner) for owner in ("dead", "dead", "me"))
    left = jobs.create(Scope("other"), "prepare", {})
    jobs.request_cancel(scope, doomed.job_id)
    assert {job.job_id for job in jobs.release_orphans("me")} == {dead.job_id, left.job_id}
    assert jobs.get(scope, dead.job_id).lease_owner is None
    assert jobs.get(scope, doomed.job_id).status is JobStatus.CANCELLED
    assert jobs.get(scope, mine.job_id).status is JobStatus.RUNNING


def test_a_shutdown_puts_a_job_back(jobs: JobStore, scope: Scope):
    job = claimed(jobs, scope)
    released = jobs.release(job.job_id)
    assert released is not None
    assert released.status is JobStatus.QUEUED
    assert jobs.release(job.job_id) is None


def test_an_unfinished_job_is_found_by_its_fingerprint(jobs: JobStore, scope: Scope):
    job, created = jobs.find_or_create(scope, "prepare", {"a": 1}, "print")
    assert created
    assert jobs.find_or_create(scope, "prepare", {"a": 1}, "print") == (job, False)
    assert jobs.find_or_create(scope, "copy", {"a": 1}, "print")[1]
    assert jobs.find_or_create(Scope("other"), "prepare", {"a": 1}, "print")[1]
    jobs.claim(scope, job.job_id, "me", LEASE)
    assert jobs.find_or_create(scope, "prepare", {"a": 1}, "print")[0].job_id == job.job_id
    jobs.finish(job.job_id, JobStatus.SUCCEEDED)
    assert jobs.find_or_create(scope, "prepare", {"a": 1}, "print")[1]


def test_two_requests_at_once_share_one_job(database: Database, scope: Scope):
    jobs = JobStore(database)
    found: list[tuple[Job, bool]] = []
    threads = [
        threading.Thread(target=lambda: found.append(jobs.find_or_create(scope, "p", {}, "f")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({job.job_id for job, _ in found}) == 1
    assert sum(created for _, created in found) == 1


def test_listing_filters_and_pages(jobs: JobStore, scope: Scope, clock: Hands):
    made: list[str] = []
    for n in range(5):
        clock.move(n % 2)
        made.append(jobs.create(scope, "copy" if n == 4 else "prepare", {}).job_id)
    jobs.claim(scope, made[0], "me", LEASE)
    everything = [job.job_id for job in jobs.list(scope)]
    assert sorted(everything) == sorted(made)
    assert everything[-1] == made[0]
    first = jobs.list(scope, limit=2)
    rest = jobs.list(scope, before=first[-1].job_id)
    assert [job.job_id for job in [*first, *rest]] == everything
    assert [job.job_id for job in jobs.list(scope, status=JobStatus.RUNNING)] == [made[0]]
    assert len(jobs.list(scope, status=[JobStatus.RUNNING, JobStatus.QUEUED])) == 5
    assert [job.job_id for job in jobs.list(scope, kind="copy")] == [made[4]]
    assert jobs.list(Scope("other")) == []
