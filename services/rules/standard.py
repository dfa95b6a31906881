"""The rules that every tenant begins with: version 0. Its own count from 1."""

from services.rules.definition import Bands, Rule, RuleSet

BASE_REASON = "Ponto de partida de todo lead"
LIMIT_REASON = "O score fica entre 0 e 100"
# Its rules are never reordered, removed or edited: the points of scores stand in their order.
DEFAULT_VERSION = 0

DEFAULT = RuleSet(
    base=30,
    faixas=Bands(quente=65, morno=40),
    regras=(
        Rule("telefone", "preenchido", None, 8, "Tem telefone para contato"),
        Rule("email", "preenchido", None, 4, "Tem e-mail para contato"),
        Rule("documento", "preenchido", None, 6, "CPF ou CNPJ informado"),
        Rule("produto", "preenchido", None, 4, "Produto de interesse conhecido"),
        Rule("renda_mensal", "minimo", 3_000, 5, "Renda mensal de R$ 3 mil ou mais"),
        Rule("renda_mensal", "minimo", 8_000, 5, "Renda mensal de R$ 8 mil ou mais"),
        Rule("renda_mensal", "minimo", 20_000, 5, "Renda mensal de R$ 20 mil ou mais"),
        Rule("valor", "minimo", 20_000, 4, "Negócio de R$ 20 mil ou mais"),
        Rule("valor", "minimo", 100_000, 4, "Negócio de R$ 100 mil ou mais"),
        Rule("origem", "em", ("indicação",), 20, "Veio por indicação"),
        Rule("origem", "em", ("carteira", "cliente"), 20, "Já é cliente da carteira"),
        Rule("origem", "em", ("site", "formulário", "whatsapp"), 12, "Procurou a equipe"),
        Rule("origem", "em", ("lista", "lista fria", "comprada"), -10, "Veio de lista fria"),
        Rule("etapa", "em", ("contatado",), 5, "Já foi contatado"),
        Rule("etapa", "em", ("qualificado",), 15, "Foi qualificado"),
        Rule("etapa", "em", ("proposta",), 25, "Recebeu proposta"),
    ),
)
