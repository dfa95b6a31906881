"""README.md and .env.example say what the code does."""

import re
from dataclasses import replace

from dotenv import dotenv_values

from config import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
_EXAMPLE = ROOT / ".env.example"
# What a running server makes, and what a person writes.
_NOT_IN_THE_REPOSITORY = {"instance/", ".env"}


def table(first: str) -> list[list[str]]:
    """The cells of the table whose first column has this title, without their backticks."""
    _, _, below = README.partition(f"\n| {first} |")
    lines = below.partition("\n\n")[0].splitlines()[2:]
    assert lines, f"README has no table that begins with {first}"
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def environment() -> dict[str, str]:
    """.env.example as a process that reads it finds it."""
    found = dotenv_values(_EXAMPLE)
    assert None not in found.values()
    return {name: value or "" for name, value in found.items()}


def variables() -> list[str]:
    return [field.metadata["env"] for field in Settings.__dataclass_fields__.values()]


def test_the_settings_table_names_every_variable_once() -> None:
    assert sorted(name for name, _, _ in table("Variable")) == sorted(variables())


def test_the_settings_table_shows_the_defaults() -> None:
    shown = {name: "" if value == "(empty)" else value for name, value, _ in table("Variable")}
    assert shown == environment()


def test_env_example_names_every_variable_once() -> None:
    lines = [line for line in _EXAMPLE.read_text("utf-8").splitlines() if line]
    names = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    assert sorted(names) == sorted(variables())


def test_env_example_copied_as_it_is_gives_the_defaults() -> None:
    read = Settings.from_env({**environment(), "SECRET_KEY": "dev123"})  # or one is made
    assert replace(read, secret_key="") == Settings()


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    # In prose and tables as `make x`, in a code block at the start of a line.
    named = set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", README, re.MULTILINE))
    assert {"run", "test", "check", "generate", "e2e", "bench", "clean"} <= named <= targets


def test_every_file_referred_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    quoted = re.findall(r"`([\w.-][\w./-]*(?:/|\.(?:py|md|csv|json|txt|html|yaml)))`", README)
    house = re.findall(r"^([\w.]+(?:/|\.py))  ", README, re.MULTILINE)
    used = re.findall(
        r"(?:@|<|-r |import |mapeamento )((?:demo/)?[\w-]+\.(?:csv|json|txt))", README
    )
    assert links and quoted and house and used
    for name in {*links, *quoted, *house, *used} - _NOT_IN_THE_REPOSITORY:
        assert (ROOT / name).exists(), f"README refers to {name}"


def test_links_within_the_page_lead_somewhere() -> None:
    titles = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert {anchor for anchor in re.findall(r"\]\(#([^)]+)\)", README)} <= anchors


def test_the_demonstration_is_whole() -> None:
    rows = (ROOT / "demo" / "bank-2000.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2_001
    assert (ROOT / "docs" / "docs-page.png").stat().st_size <= 200_000


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
