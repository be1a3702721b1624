from clientdesk import clock
from clientdesk.celery import app
from clientdesk.documents import jobs, operations


# Of our app by name: a web process knows no other way which broker to tell.
@app.task(name="documents.run_job")
def run_job(job_id: int) -> None:
    """Make the document of one job; told twice, it is made once."""
    jobs.run_job(job_id, clock.now)


@app.task(name="documents.rescue")
def rescue() -> int:
    """Run what waits or was left by a worker that died; answers how many were taken up."""
    jobs.give_up_exhausted(now=clock.now())
    taken = 0
    for job_id in jobs.waiting(now=clock.now()):
        taken += jobs.run_job(job_id, clock.now) is not None
    return taken


@app.task(name="documents.tidy")
def tidy() -> int:
    """Remove files that no row names; answers how many."""
    return operations.tidy(now=clock.now())
