"""`python -m bench.training FILE`: what training on the latest 3,000 leads of FILE takes, beside
scikit-learn's fit of the same matrix, as JSON. With `--wide` each lead has 97 numbers more, half of
which follow another one."""

import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench import outcomes
from services.model.learning import Options, Sample, learn
from services.model.numerics.columns import columns
from services.model.numerics.design import Design, Rows
from services.model.numerics.guards import Leads, judge
from services.model.numerics.ridge import Penalty, fit

_LEADS = 3_000
_RIDGE, _TIMES = 10.0, 5
_MORE, _SEED = 97, 7


def main() -> None:
    samples = outcomes.read(Path(sys.argv[1]), _LEADS)
    wide = "--wide" in sys.argv
    if wide:
        samples = _widened(samples)
    options = Options(True, True, frozenset(), None, samples[-1].registrado_em)
    train, _ = _timed(lambda: learn(samples, options), 1)
    told = {"peak": _peak(), "train": train}
    print(json.dumps(told if wide else {**told, **_beside(samples, options)}))


def _widened(samples: Sequence[Sample]) -> list[Sample]:
    chance = random.Random(_SEED)
    return [_wider(each, chance) for each in samples]


def _wider(sample: Sample, chance: random.Random) -> Sample:
    own = [chance.gauss(0, 1) for _ in range(_MORE)]
    tied = [each + own[n // 2] if n % 2 else each for n, each in enumerate(own)]
    more = {f"medida_{n}": f"{each:.4f}" for n, each in enumerate(tied)}
    return replace(sample, lead={**sample.lead, "atributos": {**sample.lead["atributos"], **more}})


def _peak() -> float:
    """Of this program, in MB. What getrusage() says includes its parent at the time of the fork."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6


def _beside(samples: Sequence[Sample], options: Options) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    won = np.array([each.ganho for each in samples], dtype=float)
    fields, _ = judge(columns(samples), Leads(samples, won, options))
    rows = Rows(Design(fields, None, len(won)), None, won)
    matrix = np.hstack([each.table[each.codes] for each in fields])
    other = LogisticRegression(C=1 / _RIDGE, tol=1e-8, max_iter=1_000)
    with threadpool_limits(limits=1):
        ours, weights = _timed(lambda: fit(rows, Penalty(_RIDGE)), _TIMES)
        theirs, found = _timed(lambda: other.fit(matrix, won), _TIMES)
    apart = float(np.abs(found.coef_[0] - weights[1:]).max())
    return {"fit": ours * 1_000, "sklearn": theirs * 1_000, "apart": apart}


def _timed(call: Callable[[], Any], times: int) -> tuple[float, Any]:
    """CPU seconds, the median: other programs hardly move them."""
    spent = []
    for _ in range(times):
        started = time.process_time()
        result = call()
        spent.append(time.process_time() - started)
    return median(spent), result


if __name__ == "__main__":
    main()
