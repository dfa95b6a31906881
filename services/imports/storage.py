"""Files that are kept for an import, in blocks: written as they come, read one after another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, func, insert, select

from models.db import db
from models.db.messages.queries import Query
from models.db.statements import count_here, fetch_here
from models.imports.file import ImportBlock, ImportFile
from models.imports.run import ImportRun
from services.errors import NotFound
from services.imports.reading.encodings import declared
from services.imports.reading.files import Blocks, whole

# Of a kept file that no import has come to read.
KEPT = timedelta(hours=24)
BLOCK = 1024 * 1024
_BLOCK = Query(
    "select bytes from importacao_blocos "
    "where equipe_id = %(equipe_id)s and arquivo_id = %(arquivo_id)s and n = %(n)s",
    {},
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as somebody sends it; the rest is what they say of it."""

    blocks: Blocks
    tamanho: int
    media: str
    charset: str | None = None
    planilha: str | None = None

    @classmethod
    def whole(cls, raw: bytes, media: str, **said: str | None) -> "Sent":
        """One that is in memory."""
        return cls(whole(raw), len(raw), media, **said)


def keep(equipe_id: int, sent: Sent) -> ImportFile:
    """Keep a whole file."""
    file = begin(equipe_id, sent)
    for n, block in enumerate(_cut(sent.blocks())):
        add(equipe_id, file.id, n, block)
    return file


def begin(equipe_id: int, sent: Sent) -> ImportFile:
    """Keep a file whose blocks are added one by one."""
    file = ImportFile(
        equipe_id=equipe_id,
        media=sent.media,
        charset=declared(sent.charset),
        planilha=sent.planilha,
        tamanho=sent.tamanho,
    )
    db.session.add(file)
    db.session.flush()
    return file


def add(equipe_id: int, arquivo_id: int, n: int, block: bytes) -> None:
    values = {"equipe_id": equipe_id, "arquivo_id": arquivo_id, "n": n, "bytes": block}
    db.session.execute(insert(ImportBlock).values(values))


def get(equipe_id: int, arquivo_id: int) -> ImportFile:
    """Raises NotFound."""
    file = db.session.get(ImportFile, (equipe_id, arquivo_id))
    if file is None:
        raise NotFound()
    return file


def sent_of(file: ImportFile) -> Sent:
    """A kept file, to be read inside a transaction of its tenant."""
    where = {"equipe_id": file.equipe_id, "arquivo_id": file.id}

    def blocks() -> Iterator[bytes]:
        n = 0
        while found := fetch_here(_BLOCK, {**where, "n": n}):
            yield bytes(found[0][0])
            n += 1

    return Sent(blocks, file.tamanho, file.media, file.charset, file.planilha)


def forget(equipe_id: int, arquivo_id: int) -> None:
    """Delete a file with its blocks."""
    ours = (ImportFile.equipe_id == equipe_id, ImportFile.id == arquivo_id)
    db.session.execute(delete(ImportFile).where(*ours))


def forget_left(most: int) -> int:
    """Delete files that nobody will read, so many of them: of imports that have ended, and those
    that are older than KEPT; how many there were."""
    reads = (
        exists()
        .where(
            ImportRun.equipe_id == ImportFile.equipe_id,
            ImportRun.arquivo_id == ImportFile.id,
            ImportRun.concluida_em.is_(None),
        )
        .correlate(ImportFile)
    )
    old = ImportFile.criado_em < func.now() - KEPT
    ended = exists().where(
        ImportRun.equipe_id == ImportFile.equipe_id, ImportRun.arquivo_id == ImportFile.id
    )
    left = select(ImportFile.id).where(~reads, old | ended.correlate(ImportFile)).limit(most)
    return count_here(delete(ImportFile).where(ImportFile.id.in_(left)))


def _cut(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        view = memoryview(block)
        yield from (bytes(view[at : at + BLOCK]) for at in range(0, len(block), BLOCK))
