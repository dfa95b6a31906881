"""A funnel as it was asked for, held against the stages that a tenant has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.stage import MAX_KEY, Stage
from models.types import StageKind
from services.errors import Code, FieldError, Invalid
from services.leads.stages import UNKNOWN_STAGE
from utils.text import fold


@dataclass(frozen=True, slots=True)
class Asked:
    """One stage of the new funnel; without `chave` it is a new one, or the live one of its name."""

    chave: str | None
    nome: str
    tipo: str
    prazo_dias: int | None = None


@dataclass(slots=True)
class Plan:
    """`kept`: each stage of the new funnel in its order, with what was asked for it; `new`: those
    of them that are not there yet. `left`: live stages that are archived. `retyped`: those whose
    kind changes. `moves`: from which stage to which the leads go, by key."""

    kept: list[tuple[Stage, Asked]]
    new: list[Stage]
    left: list[Stage]
    retyped: list[Stage]
    moves: dict[str, str] = field(default_factory=dict)

    @property
    def emptied(self) -> set[str]:
        """The keys of the stages that no live lead may be in."""
        return {stage.chave for stage in (*self.left, *self.retyped)}


def plan(there: Sequence[Stage], asked: Sequence[Asked], mover: Mapping[str, str]) -> Plan:
    """What is to be done. Raises Invalid with every error found."""
    by_key = {stage.chave: stage for stage in there}
    errors = [*_unknown(asked, by_key), *_repeated(asked), *_lacking(asked)]
    if errors:
        raise Invalid(fields=errors)
    new: list[Stage] = []
    known = _unclaimed(there, asked)
    kept = []
    for each in asked:
        stage = by_key.get(each.chave or "") or known.get(fold(each.nome))
        kept.append((stage or _made(each, by_key, new), each))
    here = {stage.chave for stage, _ in kept}
    found = Plan(
        kept,
        new,
        [stage for stage in there if stage.chave not in here and stage.arquivada_em is None],
        [stage for stage, each in kept if stage.tipo != each.tipo],
    )
    found.moves = _moves(mover, there, kept)
    return found


def _unclaimed(there: Sequence[Stage], asked: Sequence[Asked]) -> dict[str, Stage]:
    """Live stages that nobody asked for by key, by their folded name: what is called like one of
    them is that one, so that a funnel sent twice is the same funnel."""
    claimed = {each.chave for each in asked}
    return {
        stage.nome_chave: stage
        for stage in there
        if stage.arquivada_em is None and stage.chave not in claimed
    }


def _made(asked: Asked, taken: dict[str, Stage], new: list[Stage]) -> Stage:
    """A new stage, with a key made from its name."""
    base = "".join(char if char.isascii() and char.isalnum() else "_" for char in fold(asked.nome))
    base = base.strip("_")[: MAX_KEY - 3] or "etapa"
    chave, n = base, 1
    while chave in taken:
        n += 1
        chave = f"{base}_{n}"
    taken[chave] = stage = Stage(chave=chave, tipo=asked.tipo)
    new.append(stage)
    return stage


def _unknown(asked: Sequence[Asked], by_key: Mapping[str, Stage]) -> Iterable[FieldError]:
    for n, each in enumerate(asked):
        if each.chave is not None and each.chave not in by_key:
            error = FieldError(f"itens.{n}.chave", UNKNOWN_STAGE.codigo, UNKNOWN_STAGE.mensagem)
            yield error.among(each.chave, by_key)


def _repeated(asked: Sequence[Asked]) -> Iterable[FieldError]:
    """A stage is asked for by its key or its name, so none may be another's."""
    keys = {each.chave: n for n, each in reversed(list(enumerate(asked))) if each.chave}
    names: dict[str, int] = {}
    for n, each in enumerate(asked):
        name = fold(each.nome)
        if names.setdefault(name, n) != n or keys.get(name, n) != n:
            yield FieldError(f"itens.{n}.nome", Code.REPETIDO, "Outra etapa tem este nome.")
        if each.chave and keys[each.chave] != n:
            yield FieldError(f"itens.{n}.chave", Code.REPETIDO, "A etapa aparece duas vezes.")


def _lacking(asked: Sequence[Asked]) -> Iterable[FieldError]:
    kinds = {each.tipo for each in asked}
    for kind in StageKind:
        if kind not in kinds:
            yield FieldError("itens", Code.OBRIGATORIO, f"Falta uma etapa do tipo {kind}.")


def _moves(
    mover: Mapping[str, str], there: Sequence[Stage], kept: Sequence[tuple[Stage, Asked]]
) -> dict[str, str]:
    """`mover` by key. Raises Invalid."""
    sources = {fold(text): stage for stage in there for text in (stage.nome, stage.chave)}
    targets = {fold(text): pair for pair in kept for text in (pair[1].nome, pair[0].chave)}
    moves, errors = {}, []
    for said, to in mover.items():
        source, target = sources.get(fold(said)), targets.get(fold(to))
        if source is None or target is None:
            names: Iterable[Any] = sources if source is None else targets
            error = FieldError("mover", UNKNOWN_STAGE.codigo, UNKNOWN_STAGE.mensagem)
            errors.append(error.among(said if source is None else to, names))
        elif source is target[0] or source.tipo != target[1].tipo:
            errors.append(FieldError("mover", Code.VALOR_INVALIDO, _ANOTHER_KIND))
        else:
            moves[source.chave] = target[0].chave
    if errors:
        raise Invalid(fields=errors)
    return moves


_ANOTHER_KIND = "Os leads vão para outra etapa do mesmo tipo."
