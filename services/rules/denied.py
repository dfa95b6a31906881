"""What a model may not learn from, by the name of a field and by what its values are.

Protected traits and what points at one person are never learned from. Age, fine place and what is
likely written after the outcome are, if a gestor opts in with a reason.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.rules.fields import ATTRIBUTE
from services.rules.texts import plain_text

_WORD = re.compile(r"[a-z]+|[0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST = 0.9  # of the values that have to look alike


@dataclass(frozen=True, slots=True)
class Refusal:
    """`optional`: whether a gestor may opt in."""

    motivo: str
    optional: bool


PROTECTED = Refusal("Característica protegida da pessoa: o modelo nunca a usa.", optional=False)
PERSONAL = Refusal("Identifica a pessoa: o modelo nunca o usa.", optional=False)
FREE_TEXT = Refusal("Texto livre: o modelo não aprende com ele.", optional=False)
AGE = Refusal("Idade só entra se o gestor permitir, com o motivo.", optional=True)
PLACE = Refusal("Lugar detalhado só entra se o gestor permitir, com o motivo.", optional=True)
AFTERWARDS = Refusal(
    "Parece ser anotado depois do desfecho; só entra se o gestor permitir, com o motivo.",
    optional=True,
)
CALENDAR = Refusal("Campo de calendário: só entra com 24 meses de leads fechados.", optional=False)

_NAMES: tuple[tuple[Refusal, str], ...] = (
    (
        PROTECTED,
        "sexo sex genero gender raca race racial cor etnia ethnicity ethnic etnico religiao "
        "religion religious religioso crenca igreja church marital casado married conjuge spouse "
        "orientacao orientation lgbt trans saude health doenca disease illness diagnostico "
        "diagnosis deficiencia disability disabled pcd gravida gestante pregnant pregnancy "
        "filiacao sindicato sindical union partido politica politico political nacionalidade "
        "nationality naturalidade birthplace imigrante immigrant estrangeiro foreign foreigner "
        "citizenship biometria biometric genetico genetic dna indigena quilombola pronome pronoun "
        "skin pele",
    ),
    (
        PERSONAL,
        "cpf rg cnh cnpj passaporte passport ssn nis pis email mail telefone phone celular "
        "whatsapp sobrenome surname apelido nickname mae mother father facebook instagram "
        "linkedin twitter",
    ),
    (
        FREE_TEXT,
        "observacao observacoes obs nota notas note notes comentario comentarios comment comments "
        "descricao description mensagem message anotacao anotacoes",
    ),
    (
        AGE,
        "idade age etaria etario nascimento birth birthday birthdate dob aniversario nasc idoso "
        "citizen",
    ),
    (
        PLACE,
        "cep zip zipcode postal postcode bairro neighborhood neighbourhood distrito endereco "
        "address rua street logradouro avenida latitude longitude lat lng lon geo coordenadas",
    ),
)
_BY_WORD = {word: refusal for refusal, words in reversed(_NAMES) for word in words.split()}
# Words that mean this only together.
_TOGETHER = tuple(
    frozenset(pair.split()) for pair in ("estado civil", "civil status", "personal status")
)
# "nome" of a person; that of a product, a campaign or a shop is another matter.
_NAME = {"nome", "name"}
_NAMED_THINGS = set(
    "produto product campanha campaign plano plan loja store banco bank empresa company curso "
    "course evento event anuncio ad formulario form pagina page fonte source canal channel".split()
)
# The age of a thing is not a person's; whether there is an e-mail is not the e-mail.
_THINGS = set(
    "veiculo vehicle carro car moto imovel property casa house conta account empresa company "
    "contrato contract apolice policy divida debt credito credit maquina machine".split()
)
_WHETHER = set("tem possui has is aceita accepts nao not no do opt valido valid".split())
# Written when a lead closes or after a call; other words beside them mean something else, as in
# the status of an account.
_AFTER = set(
    "fechamento fechado closed closing perda lost perdido ganho won resultado result outcome "
    "desfecho target label probabilidade probability etapa stage status duracao duration "
    "convertido converted conversao conversion".split()
)
_AFTER_BESIDE = set(
    "final atual current motivo reason venda sale deal negocio chamada lead cliente".split()
)
# Words of the calendar, with those that may stand beside them. Other company means another thing:
# the year of a car, the day that a bill is due.
_CALENDAR = set(
    "mes month dia day semana week weekday ano year trimestre quarter data date hora hour "
    "timestamp datetime horario".split()
)
_BESIDE = set(
    "de da do of the em util ultimo ultima last contato contact criacao criado created creation "
    "cadastro registro ligacao call entrada lead num numero number name nome in on at".split()
)
_SEX = "m f masc fem masculino feminino male female homem mulher man woman masculine feminine"
_MARRIED = (
    "solteiro solteira casado casada divorciado divorciada viuvo viuva separado separada "
    "single married divorced widowed separated"
)
_RACES = "branco branca preto preta pardo parda amarelo amarela indigena negro negra white black"
_FAITHS = "catolico catolica evangelico evangelica espirita umbanda candomble judeu judia ateu"
# Values that say what a field is about, however it is named, and how many distinct it takes.
_VALUES = tuple(
    (set(words.split()), least)
    for words, least in ((_SEX, 2), (_MARRIED, 2), (_RACES, 3), (_FAITHS, 2))
)
# "male single", "mulher casada"
_SEXES = re.compile(r".*\b(masculino|feminino|male|female|homem|mulher)\b.*")
_MONTHS = (
    "jan feb fev mar apr abr may mai jun jul aug ago sep set sept oct out nov dec dez january "
    "february march april june july august september october november december janeiro fevereiro "
    "marco abril maio junho julho agosto setembro outubro novembro dezembro"
)
_WEEKDAYS = (
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday seg ter "
    "qua qui sex sab dom segunda terca quarta quinta sexta sabado domingo segunda-feira "
    "terca-feira quarta-feira quinta-feira sexta-feira"
)
_DATES = (set(_MONTHS.split()), set(_WEEKDAYS.split()))
_SHAPES = (
    (CALENDAR, re.compile(r"\d{4}-\d{2}(-\d{2}([t ].*)?)?|\d{1,2}/\d{1,2}/\d{2,4}( .*)?")),
    (PLACE, re.compile(r"\d{5}-\d{3}")),
    (PERSONAL, re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+")),
    (PERSONAL, re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}|\(?\d{2}\)? ?9?\d{4}-\d{4}|\+55\d{10,11}")),
)

# The same for SQL, of what is not even kept: words of names, each with those beside which it means
# something else; words that mean it together; and what values look like.
NEVER: tuple[tuple[Iterable[str], Iterable[str]], ...] = (
    ([word for word, refusal in _BY_WORD.items() if refusal in (PROTECTED, FREE_TEXT)], ()),
    ([word for word, refusal in _BY_WORD.items() if refusal is PERSONAL], _WHETHER),
    (_NAME, _NAMED_THINGS),
)
NEVER_TOGETHER = _TOGETHER
PERSONAL_VALUES = tuple(shape.pattern for refusal, shape in _SHAPES if refusal is PERSONAL)


def by_name(campo: str) -> Refusal | None:
    """Why a field of this name is not learned from, if so. Only attributes and the calendar: all
    other fields of a card are listed."""
    words = _words(campo)
    if _is_about(words, _CALENDAR, _BESIDE):
        return CALENDAR
    if not campo.startswith(ATTRIBUTE):
        return None
    if any(pair <= words for pair in _TOGETHER):
        return PROTECTED
    if words & _NAME and not words & _NAMED_THINGS:
        return PERSONAL
    found = {_BY_WORD[word] for word in words if word in _BY_WORD} - _excused(words)
    if not found and _is_about(words, _AFTER, _BESIDE | _AFTER_BESIDE):
        return AFTERWARDS
    return min(found, key=_rank, default=None)


def _is_about(words: set[str], these: set[str], beside: set[str]) -> bool:
    return bool(words & these) and words <= these | beside


def _excused(words: set[str]) -> set[Refusal]:
    whether = {PERSONAL} if words & _WHETHER else set()
    return whether | ({AGE} if words & _THINGS else set())


def by_values(values: Iterable[str]) -> Refusal | None:
    """Why a field with these distinct values, plain, is not learned from, if so."""
    distinct = {value.strip() for value in values} - {""}
    if not distinct:
        return None
    if (
        any(_mostly(distinct, words, least) for words, least in _VALUES)
        or _share(distinct, _SEXES) >= _MOST
    ):
        return PROTECTED
    if any(_mostly(distinct, words, 3) for words in _DATES):
        return CALENDAR
    alike = (refusal for refusal, shape in _SHAPES if _share(distinct, shape) >= _MOST)
    return next(alike, None)


def _mostly(distinct: set[str], words: set[str], least: int) -> bool:
    """Room for one value such as "other": most are these words, and several of them."""
    known = len(distinct & words)
    return known >= least and known >= len(distinct) - max(1, len(distinct) // 5)


def _share(distinct: set[str], shape: re.Pattern[str]) -> float:
    return sum(shape.fullmatch(value) is not None for value in distinct) / len(distinct)


def _words(campo: str) -> set[str]:
    spaced = _CAMEL.sub(" ", campo.removeprefix(ATTRIBUTE))
    return set(_WORD.findall(plain_text(spaced)))


def _rank(refusal: Refusal) -> int:
    """What is never learned from before what may be."""
    return [each for each, _ in _NAMES].index(refusal)
