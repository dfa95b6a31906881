"""E-mails: one spelling for each; the shortcut never says more than the library."""

import email_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.emails import SPECIAL_USE_TLDS, InvalidEmail, is_everyday, normalize_email


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("contato@exemplo.com.br", "contato@exemplo.com.br"),
        ("  Contato@Exemplo.COM.br\u00a0\n", "contato@exemplo.com.br"),
        ("vendas+norte_1@sub.exemplo-2.com.br", "vendas+norte_1@sub.exemplo-2.com.br"),
        ("o'brien!#$%&*@exemplo.com.br", "o'brien!#$%&*@exemplo.com.br"),
        ("JOSE\u0301@exemplo.com.br", "josé@exemplo.com.br"),
        ("contato@xn--exmplo-jva.com.br", "contato@exêmplo.com.br"),
        ("contato@EXÊMPLO.com.br", "contato@exêmplo.com.br"),
        ("a@example.com", "a@example.com"),
        ("a" * 64 + "@exemplo.com.br", "a" * 64 + "@exemplo.com.br"),
    ],
)
def test_one_spelling(text: str, expected: str) -> None:
    assert normalize_email(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "contato",
        "@exemplo.com.br",
        "contato@",
        "contato@exemplo",
        "contato@exemplo.123",
        "contato@exemplo..com.br",
        ".contato@exemplo.com.br",
        "contato.@exemplo.com.br",
        "con tato@exemplo.com.br",
        "contato@-exemplo.com.br",
        "contato@ab--exemplo.com.br",
        "contato@[127.0.0.1]",
        '"contato"@exemplo.com.br',
        "Contato <contato@exemplo.com.br>",
        "a@exemplo.com.br, b@exemplo.com.br",
        "contato@exemplo.com.br\x00",
        "contato\r\nBcc: x@exemplo.com.br",
        "\ud800@exemplo.com.br",
        "contato@\ud800.com.br",
        "contato@" + "a" * 64 + ".com.br",
        "a" * 300 + "@exemplo.com.br",
        "@" * 100_000,
    ],
)
def test_refuses_anything_else(text: str) -> None:
    with pytest.raises(InvalidEmail):
        normalize_email(text)


@pytest.mark.parametrize("name", email_validator.SPECIAL_USE_DOMAIN_NAMES)
def test_refuses_special_use_domains(name: str) -> None:
    for domain in (name, f"exemplo.{name}"):
        with pytest.raises(InvalidEmail):
            normalize_email(f"contato@{domain}")


def test_special_use_list_is_the_one_of_the_library() -> None:
    assert set(SPECIAL_USE_TLDS) == set(email_validator.SPECIAL_USE_DOMAIN_NAMES)


def test_longest_address() -> None:
    domain = ".".join(["d" * 60] * 3) + ".com.br"
    local = "a" * (254 - len(domain) - 1)
    assert len(normalize_email(f"{local}@{domain}")) == 254
    with pytest.raises(InvalidEmail, match="254"):
        normalize_email(f"a{local}@{domain}")


_NEAR_MISSES = st.from_regex(
    r"\A[a-z0-9_+.-]{1,20}@([a-z0-9-]{1,20}\.){0,3}"
    r"(com|br|test|local|localhost|xn--p1ai|c0m|onion|[a-z]{1,4})\n?\Z"
)


@given(st.one_of(_NEAR_MISSES, st.emails().map(str.lower), st.text(max_size=70)))
def test_shortcut_stays_inside_the_library(email: str) -> None:
    if is_everyday(email):
        validated = email_validator.validate_email(email, check_deliverability=False)
        assert validated.normalized == email


@given(st.one_of(st.emails(), st.text(max_size=40).map(lambda text: f"{text}@exemplo.com.br")))
def test_result_is_stable_and_no_other_error_escapes(text: str) -> None:
    try:
        email = normalize_email(text)
    except InvalidEmail:
        return
    assert normalize_email(email) == email
    assert len(email) <= 254
