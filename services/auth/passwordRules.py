"""Which passwords are taken: long enough and, in production, not guessable."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from services.errors import Code, invalid_field

_MIN_GUESSES = 10**8  # zxcvbn's score 3; eight random characters are just enough
# The check takes longer with each character, and with each sign that may stand for a letter (4 for
# a, $ for s): 2 s for 40 of them, 0.2 s for 20. So only the beginning is checked: if that is hard
# to guess, the whole password is.
_JUDGED = 20
_MAX_WORDS = 40
# Passwords that are common in Brazil and not in the library's English lists.
_COMMON = (
    *("senha", "brasil", "equipe", "finlead", "gestor", "vendedor", "vendas", "lead", "leads"),
    *("banco", "consorcio", "seguro", "seguros", "correspondente", "corretora", "cliente"),
    *("mudar", "trocar", "teste", "acesso", "entrar", "usuario", "bemvindo", "segredo"),
    *("amor", "familia", "deus", "jesus", "felicidade", "futebol", "saudade", "princesa"),
    *("flamengo", "corinthians", "palmeiras", "santos", "vasco", "gremio", "cruzeiro"),
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto"),
    *("setembro", "outubro", "novembro", "dezembro", "segunda", "sexta", "verao", "natal"),
    *("saopaulo", "riodejaneiro", "bahia", "minas", "curitiba", "salvador", "recife"),
)


@dataclass(frozen=True, slots=True)
class PasswordRules:
    minimum: int
    refuse_guessable: bool

    def require_length(self, senha: str) -> None:
        """Raises Invalid."""
        if len(senha) < self.minimum:
            raise invalid_field(
                "senha", Code.SENHA_CURTA, f"A senha deve ter ao menos {self.minimum} caracteres."
            )

    def require(self, senha: str, *about: str | None) -> None:
        """Raises Invalid. `about` is what others know of the person: name, e-mail, equipe."""
        self.require_length(senha)
        if self.refuse_guessable and _guesses(senha, about) < _MIN_GUESSES:
            raise invalid_field(
                "senha",
                Code.SENHA_FRACA,
                "A senha é fácil de adivinhar. Use uma frase de várias palavras, sem seu nome, "
                "seu e-mail, datas ou sequências.",
            )


def _guesses(senha: str, about: Iterable[str | None]) -> int:
    # Imported here: its lists take 13 MB, which most processes do not need.
    from zxcvbn import zxcvbn

    words = [*_words(about), *_COMMON]
    return int(zxcvbn(_plain(senha)[:_JUDGED], user_inputs=words)["guesses"])


def _words(about: Iterable[str | None]) -> list[str]:
    """What is known of the user: whole, the part before the @, without spaces, word by word."""
    texts = [_plain(text).casefold() for text in about if text]
    names = [text.partition("@")[0] for text in texts]
    joined = [re.sub(r"[\W_]+", "", name) for name in names]
    parts = [part for text in texts for part in re.split(r"[\W_]+", text) if len(part) > 2]
    return [*texts, *names, *joined, *parts][:_MAX_WORDS]


def _plain(text: str) -> str:
    """Without accents, so that `coração` is as easy to guess as `coracao`."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
