"""`python -m bench.races [--rounds 200] [race ...]`: what must hold whoever is first.

Each round sends requests that contend to the served application, all at once, and looks at what is
left. It prints how each kind of round ended. The exit code is 1 after a violation, and where what a
race is about never happened: then nothing was proved. A race of something that this version does
not have is named and left out.

- demotion-reset, demotions: power that ends while it is used.
- change-import, deletion-import, creates: writers of one lead.
- upserts: 32 upserts of one lead by different keys; one creates it. Runs a tenth of the rounds.
- versions: 16 writers of one lead under If-Match; one winner a version, an event for each. Runs a
  tenth of the rounds.
- stages: a stage is archived while 16 leads are created in it; none of them stays there. Runs a
  quarter of the rounds.
- claims: 32 people take and skip leads of 10,000 while connections to the database are killed; no
  lead is given to two of them, none is lost. Runs one round in 50.
- scores: 200,000 leads are scored again beside 32 writers; no score may be that of an older state
  of its lead. Runs one round in 200, which takes about a minute.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from bench import people
from bench.command import ending, parser
from bench.people import Team
from bench.races import leads, powers, queues, scores, stages
from bench.races.callers import Race, Violation
from bench.site import THIS_TREE, Site, open_site

RACES: dict[str, Race] = {
    "demotion-reset": Race(powers.demotion_and_reset),
    "demotions": Race(powers.demotions),
    "change-import": Race(leads.change_and_import),
    "deletion-import": Race(leads.deletion_and_import),
    "creates": Race(leads.creates),
    "upserts": Race(leads.upserts, every=10),
    "versions": Race(leads.versions, frozenset({"some refused"}), every=10),
    "stages": Race(stages.stages, stages.ENDS, every=4, missing=stages.missing),
    "claims": Race(queues.claims, queues.ENDS, every=50),
    "scores": Race(scores.scores, scores.ENDS, every=200),
}


def main() -> None:
    asked = _arguments()
    with ending("races"), open_site(THIS_TREE) as site:
        team = people.open_team(site, "corridas")
        sound = [_run(name, site, team, asked.rounds) for name in asked.races or RACES]
    sys.exit(0 if all(sound) else 1)


def _arguments() -> argparse.Namespace:
    options = parser("races", __doc__)
    options.add_argument("races", nargs="*", metavar="race", help=", ".join(RACES))
    options.add_argument("--rounds", type=int, default=200)
    asked = options.parse_args()
    if unknown := set(asked.races) - set(RACES):
        options.error(f"no such race: {', '.join(sorted(unknown))}; {', '.join(RACES)}")
    return asked


def _run(name: str, site: Site, team: Team, rounds: int) -> bool:
    race = RACES[name]
    if lacking := race.missing(site):
        print(f"{name:<16} NOT RUN: {lacking}", flush=True)
        return True
    rounds = max(1, rounds // race.every)
    ends: Counter[str] = Counter()
    violations = []
    for _ in range(rounds):
        try:
            ends[race.run(site, team)] += 1
        except Violation as error:
            violations.append(str(error))
    told = ", ".join(f"{end} {times}" for end, times in sorted(ends.items()))
    print(f"{name:<16} {rounds} rounds, {len(violations)} violations: {told}", flush=True)
    unproved = [] if violations else _unproved(race, ends)
    for sentence in [*violations[:3], *unproved]:
        print(f"    {sentence}", flush=True)
    return not violations and not unproved


def _unproved(race: Race, ends: Counter[str]) -> Sequence[str]:
    if absent := race.needs - ends.keys():
        return [f"never: {', '.join(sorted(absent))}"]
    return [] if race.needs or len(ends) > 1 else ["only one order ever happened"]


if __name__ == "__main__":
    main()
