"""The file of a backup gives back what was written, or is refused."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from utils.archive import Archive, ArchiveWriter, BadArchive, Content, Manifest

ROWS = {"leads": b"1\tA\n2\tB\n" * 400, "eventos": b"", "equipes": bytes(range(256))}
MANIFEST = Manifest(
    migracao="0012",
    feito_em="2026-01-31T12:00:00+00:00",
    epoca=3,
    tabelas={name: Content(("id", "nome"), data.count(b"\n")) for name, data in ROWS.items()},
    sequencias={"leads_id_seq": 2},
)


def written() -> bytes:
    file = io.BytesIO()
    with ArchiveWriter(file) as archive:
        for name, data in ROWS.items():
            with archive.member(name) as member:
                member.write(data)
        archive.finish(MANIFEST)
    return file.getvalue()


def read(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    with Archive(path) as archive:
        archive.check()
        return archive.manifest, {name: archive.open(name).read() for name in ROWS}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.backup"
    path.write_bytes(written())
    return path


def test_what_is_read_is_what_was_written(file: Path) -> None:
    assert read(file) == (MANIFEST, ROWS)


def test_a_part_of_it_is_refused(file: Path) -> None:
    whole = file.read_bytes()
    for size in range(0, len(whole), 7):
        file.write_bytes(whole[:size])
        with pytest.raises(BadArchive):
            read(file)


@pytest.mark.parametrize("bit", [0x01, 0xFF])
def test_a_changed_byte_is_refused_or_changes_nothing(file: Path, bit: int) -> None:
    """Some bytes of a ZIP say nothing that is read, such as the dates of its members."""
    whole, refused = file.read_bytes(), 0
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        try:
            assert read(file) == (MANIFEST, ROWS)
        except BadArchive:
            refused += 1
    assert refused > len(whole) / 2


@pytest.mark.parametrize(
    "manifest",
    [
        "x",
        "[]",
        "{}",
        '{"formato": 1}',
        '{"formato": 1, "tabelas": []}',
        '{"formato": 1, "tabelas": {"leads": 5}}',
        json.dumps({"formato": 1, "tabelas": {}, "outra": 1}),
    ],
)
def test_a_zip_of_something_else_is_refused(tmp_path: Path, manifest: str) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifesto.json", manifest)
    with pytest.raises(BadArchive, match="não é um backup"):
        read(path)


def test_a_later_format_is_named(tmp_path: Path) -> None:
    path = tmp_path / "later.backup"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifesto.json", '{"formato": 2}')
    with pytest.raises(BadArchive, match="versão mais nova"):
        read(path)


def test_no_file_is_no_bad_archive(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nowhere")
