"""`python -m tests.support.counting_worker`: a worker that also knows the tests' kind of job."""

from commands import worker
from services import workService
from services.jobs.steps import Kind
from tests.support.jobs import KIND, note_step

if __name__ == "__main__":
    workService.KINDS[KIND] = Kind(note_step)
    worker.main()
