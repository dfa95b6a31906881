"""What a kind of job is: a function that does one step of it and says where the next goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.principal import Principal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a job stands after a step. All of it is kept as JSON, in the step's own transaction.

    `checkpoint`: where the next step goes on, None after the last one. `resultado`: what all steps
    together have come to, which is shown when the job ends, also where it is cancelled or fails; it
    holds counts, ids and codes, no values of a lead.
    `feitos` of `total` are done; None where nobody knows how many there are.
    `aside`: whether something is to be done between this step and the next, see Kind.
    """

    checkpoint: Json | None
    resultado: Json
    feitos: int
    total: int | None = None
    aside: bool = False

    @property
    def progresso(self) -> Json:
        return {"feitos": self.feitos, "total": self.total}


# Called inside the job's transaction, with its tenant entered and the right of whoever asked for it
# held: the caller, what they asked for, and the step before, None at the first. It takes a second
# at most, and reads by fetch_here() alone. An AppError ends the job, which then says why; after any
# other exception the step is tried again.
StepFunction = Callable[[Principal, Json, Step | None], Step]


@dataclass(frozen=True, slots=True)
class Kind:
    """`one_moment`: all that a step reads is of one moment, as an export needs it; such a step
    changes no rows that others change too. `owed`: whether all that comes after this step (None
    before the first) follows from what is decided already, so that it is done though whoever asked
    may do so no longer. `aside`: what the last step of this job left to be done
    outside of any transaction, for as long as it takes; whether there was anything. It is told the
    job's id, and what it makes is for the next step of the same process: another one, which finds
    nothing made, begins again with what leads to it."""

    step: StepFunction
    one_moment: bool = False
    owed: Callable[[Step | None], bool] = lambda _: False
    aside: Callable[[int], bool] | None = None
