"""Who appears in the demonstration. Nobody in it is real: every e-mail is of demo.example, a domain
that belongs to no one, every phone begins with 90000, and every lead has the label."""

from random import Random
from typing import NamedTuple

from utils.text import fold

DOMAIN = "demo.example"
PASSWORD = "demonstracao"  # noqa: S105 - it is printed for whoever asks for the demonstration
TEAM = "Equipe Demonstração"
LABEL = "pessoa fictícia"


class Member(NamedTuple):
    nome: str
    email: str


MANAGER = Member("Helena Prado", f"helena@{DOMAIN}")
SELLERS = (
    Member("Bruno Tavares", f"bruno@{DOMAIN}"),
    Member("Camila Duarte", f"camila@{DOMAIN}"),
    Member("Diego Nogueira", f"diego@{DOMAIN}"),
    Member("Larissa Pimentel", f"larissa@{DOMAIN}"),
    Member("Rafael Bastos", f"rafael@{DOMAIN}"),
)

_FIRST = (
    "Adriana Alberto Aline Amanda Antônio Beatriz Benedito Caio Carla Cecília César Cláudia "
    "Cristina Daniel Débora Edson Eduardo Elaine Elisa Fábio Fernanda Flávio Gabriela Gilberto "
    "Heitor Heloísa Igor Ingrid Ivone Jaqueline João Joana Jorge Juliana Leandro Letícia Luciana "
    "Luís Marcelo Márcia Marina Mário Mateus Míriam Mônica Natália Nelson Olívia Osvaldo Patrícia "
    "Paulo Priscila Regina Renato Rita Roberto Rosana Sandra Sérgio Simone Sônia Tatiana Tiago "
    "Valéria Vanessa Vera Vicente Vinícius Vítor Wagner Yara"
).split()
_LAST = (
    "Abreu Aguiar Alencar Amaral Andrade Araújo Arruda Assis Barreto Barros Bezerra Borges Braga "
    "Brandão Brito Cabral Camargo Campos Cardoso Castro Coelho Correia Couto Cunha Dantas Diniz "
    "Esteves Falcão Farias Figueira Fontes Freitas Furtado Galvão Guedes Leal Lacerda Lemos Lobo "
    "Macedo Machado Magalhães Maia Marques Medeiros Mello Menezes Mesquita Monteiro Morais Moura "
    "Neves Novaes Pacheco Paiva Peixoto Pinheiro Portela Queiroz Ramos Rangel Sampaio Siqueira "
    "Toledo Torres Valente Vargas Veloso Viana Xavier"
).split()
# City, state and area code of its phones.
_PLACES = (
    ("São Paulo", "SP", "11"),
    ("Campinas", "SP", "19"),
    ("Ribeirão Preto", "SP", "16"),
    ("Rio de Janeiro", "RJ", "21"),
    ("Belo Horizonte", "MG", "31"),
    ("Uberlândia", "MG", "34"),
    ("Curitiba", "PR", "41"),
    ("Porto Alegre", "RS", "51"),
    ("Salvador", "BA", "71"),
    ("Recife", "PE", "81"),
    ("Fortaleza", "CE", "85"),
    ("Goiânia", "GO", "62"),
)
# The middle of what people who do this earn in a month, in reais.
_INCOMES = {
    "management": 9_500,
    "entrepreneur": 8_000,
    "self-employed": 6_000,
    "technician": 5_200,
    "admin.": 4_200,
    "retired": 3_600,
    "services": 3_000,
    "blue-collar": 2_800,
    "housemaid": 1_900,
    "unemployed": 1_500,
    "student": 1_400,
}
_ANY_INCOME = 3_000
# What they ask for, how many of them, and the middle of its price in reais.
_PRODUCTS = {
    "consórcio de imóvel": (18, 220_000),
    "consórcio de automóvel": (24, 70_000),
    "crédito consignado": (30, 18_000),
    "previdência privada": (12, 30_000),
    "seguro de vida": (16, 2_400),
}


def person(number: int, job: str, rnd: Random) -> dict[str, str]:
    """The fields of a made-up person with this job, no two of whom share an e-mail or a phone."""
    first, middle, last = rnd.choice(_FIRST), *rnd.sample(_LAST, 2)
    city, state, area = rnd.choice(_PLACES)
    income = _around(_INCOMES.get(job, _ANY_INCOME), 0.35, rnd)
    return {
        "nome": f"{first} {middle} {last}",
        "email": f"{fold(first)}.{fold(last)}.{number}@{DOMAIN}",
        "telefone": f"({area}) 90000-{number:04}",
        "cidade": city,
        "uf": state,
        "renda_mensal": f"{round(income, -2):.2f}",
        **_wish(rnd),
        "etiquetas": LABEL,
        "id_externo": f"demo-{number:04}",
    }


def _wish(rnd: Random) -> dict[str, str]:
    shares = [share for share, _ in _PRODUCTS.values()]
    (product,) = rnd.choices(list(_PRODUCTS), shares)
    price = _around(_PRODUCTS[product][1], 0.5, rnd)
    return {"produto": product, "valor": f"{round(price, -2):.2f}"}


def _around(middle: float, spread: float, rnd: Random) -> float:
    return middle * rnd.lognormvariate(0, spread)
