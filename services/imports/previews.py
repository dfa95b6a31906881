"""Previews as they are kept: each is for one import, within a day."""

from dataclasses import asdict

from sqlalchemy import delete, func, select

from models.db import db
from models.db.statements import count_here
from models.imports.preview import ImportPreview
from services.errors import Code, Conflict, NotFound
from services.imports import storage
from services.imports.mapping.plan import ColumnMapping
from services.principal import Principal
from utils.clock import now


class PreviewUsed(Conflict):
    code = Code.PREVIA_USADA
    message = "O arquivo desta prévia já foi importado."


class PreviewExpired(Conflict):
    code = Code.PREVIA_EXPIRADA
    message = "A prévia venceu: o arquivo não está mais guardado. Envie-o de novo."


def begin(caller: Principal, arquivo_id: int, proposed: ColumnMapping) -> ImportPreview:
    preview = ImportPreview(
        usuario_id=caller.usuario_id,
        arquivo_id=arquivo_id,
        mapeamento=asdict(proposed),
        expira_em=now() + storage.KEPT,
    )
    db.session.add(preview)
    db.session.flush()
    return preview


def hold(caller: Principal, preview_id: int) -> ImportPreview:
    """One that can still be imported; who else wants it waits. Raises NotFound, PreviewUsed,
    PreviewExpired."""
    ours = (ImportPreview.equipe_id == caller.equipe_id, ImportPreview.id == preview_id)
    preview = db.session.scalar(select(ImportPreview).where(*ours).with_for_update())
    if preview is None:
        raise NotFound("Esta prévia não existe.")
    if preview.importacao_id is not None:
        raise PreviewUsed(data={"importacao_id": preview.importacao_id})
    if preview.expira_em < now():
        raise PreviewExpired()
    return preview


def mapping_of(preview: ImportPreview) -> ColumnMapping:
    """What it proposed."""
    return ColumnMapping(**(preview.mapeamento or {}))


def use(preview: ImportPreview, importacao_id: int) -> None:
    preview.importacao_id, preview.mapeamento = importacao_id, None
    db.session.flush()


def forget_expired(most: int) -> int:
    """Delete so many of those that are over for as long as they lasted; how many there were."""
    over = ImportPreview.expira_em < func.now() - storage.KEPT
    found = select(ImportPreview.id).where(over).limit(most)
    return count_here(delete(ImportPreview).where(ImportPreview.id.in_(found)))
