"""Attributes that no column is made of: those of few leads, and those that no snapshot keeps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from services.model.learning import Sample
from services.model.numerics.columns import LEAST_FILLED, MOST_FIELDS, Column, paths, ranked
from services.model.numerics.guards import Excluded, Leads, meant, refused
from services.rules import denied
from services.rules.evaluating import Sight
from services.rules.fields import ATTRIBUTE, find
from services.rules.texts import plain_text

NAMED = 50  # of those that there is nothing to say of but that they are rare
# Of attributes that no column is made of so many are looked at; the others are counted.
_LOOKED_AT = 1_000
_RARE = f"Preenchido em menos de {LEAST_FILLED:.0%} dos leads fechados.".replace("%", " %")
_TOO_MANY = f"Há atributos demais: o modelo olha os {MOST_FIELDS} mais comuns."
_NEVER_KEPT = (
    "Nos leads fechados não há um valor que o modelo possa ver: só veio depois do fechamento, é "
    "texto longo ou identifica a pessoa."
)


def by_meaning(columns: Sequence[Column], leads: Leads) -> list[Excluded]:
    """Of columns those that nothing may be learned from for what they mean: all that is judged
    where there are too few leads."""
    found = ((each.campo, meant(each, leads)) for each in columns)
    return [Excluded(campo, why.motivo, permitivel=why.optional) for campo, why in found if why]


def unlearned(columns: Sequence[Column], leads: Leads, samples: Sequence[Sample]) -> list[Excluded]:
    """All other attributes of closed leads, each with the reason; beyond the first they are
    counted. `samples`: also those that are too old to be learned from."""
    made = {each.campo for each in columns}
    others = {path: n for path, n in ranked(leads.ordered) if path not in made}
    missing = [each for each in leads.options.nomes if each not in made and each not in others]
    never = [*_never_kept(missing, samples, leads)] if missing else []
    guarded = [*never, *_refused([*others][:_LOOKED_AT], leads)]
    named = {each.campo for each in guarded}
    return [*guarded, *_few({k: n for k, n in others.items() if k not in named}, leads)]


def sight_of(excluded: Iterable[Excluded], leads: Leads) -> Sight:
    """What the rules' part of the card may know. Names that are refused need not be listed."""
    fora = {
        each.campo: each.motivo
        for each in excluded
        if each.guarda and not denied.by_name(each.campo)
    }
    return Sight(fora, tuple(sorted(leads.options.permitidos)), leads.calendar)


def _never_kept(
    names: Sequence[str], samples: Sequence[Sample], leads: Leads
) -> Iterator[Excluded]:
    """Rules that look at them would give points to leads that are scored and to none that is
    learned from."""
    kept = {path for each in samples for path in paths(each)}
    for name in [each for each in names if each not in kept][:_LOOKED_AT]:
        why = refused(name, (), leads)
        yield Excluded(name, why.motivo if why else _NEVER_KEPT)


def _refused(names: Sequence[str], leads: Leads) -> Iterator[Excluded]:
    values = _values(set(names), leads)
    for name in names:
        if why := refused(name, values[name], leads):
            yield Excluded(name, why.motivo)


def _values(names: set[str], leads: Leads) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in leads.ordered:
        for name in names.intersection(paths(each)) if names else ():
            field = find(name)
            found[name].add(plain_text((field.read(each.lead) if field else None) or ""))
    return found


def _few(others: dict[str, int], leads: Leads) -> Iterator[Excluded]:
    least = LEAST_FILLED * len(leads.ordered)
    for name in [*others][:NAMED]:
        yield Excluded(name, _RARE if others[name] < least else _TOO_MANY, guarda=False)
    if len(others) > NAMED:
        more = f"Mais {len(others) - NAMED} atributos ficaram de fora por raros ou por demais."
        yield Excluded(f"{ATTRIBUTE}*", more, guarda=False)
