"""What becomes of a training: its model is put into use, or kept as one that was refused."""

from dataclasses import asdict

from models.db import db
from models.event import EventKind
from models.scoring.win_model import ModelState, WinModel
from services import history
from services.model import store
from services.model.material import Trained
from services.principal import Principal
from services.scores.card import to_json
from services.scores.publishing import put_in_force


def keep(caller: Principal, trained: Trained) -> WinModel:
    """Keep what was learned, and score by it from now on unless it is refused."""
    equipe_id = caller.equipe_id
    newest, learned = store.newest(equipe_id), trained.learned
    adopted = learned.card is not None and trained.refusal is None
    model = WinModel(
        equipe_id=equipe_id,
        versao=newest.versao + 1 if newest else 1,
        estado=(ModelState.EM_USO if adopted else ModelState.RECUSADO).value,
        treinado_em=trained.moment,
        n=learned.relatorio["n"],
        ganhos=learned.relatorio["ganhos"],
        parametros={
            **asdict(trained.basis),
            "fechados": trained.known,
            "maior_id": trained.newest,
            "perdas": trained.losses,
        },
        cartao=to_json(learned.card) if learned.card else None,
        relatorio={
            **learned.relatorio,
            "estado": learned.estado.value,
            "motivo": trained.refusal or learned.relatorio["motivo"],
            "posteriores": trained.later,
        },
        trabalho_id=caller.trabalho_id,
    )
    db.session.add(model)
    if adopted:
        _tell(caller, model)
    if adopted or trained.drops:
        _put_into_use(equipe_id, model.versao if adopted else 0)
    db.session.flush()
    return model


def _tell(caller: Principal, model: WinModel) -> None:
    history.record(
        EventKind.MODELO_ADOTADO,
        usuario_id=caller.usuario_id or None,
        trabalho_id=caller.trabalho_id,
        dados={"versao": model.versao, "n": model.n, "ganhos": model.ganhos},
    )


def _put_into_use(equipe_id: int, versao: int) -> None:
    """All that is scored after this transaction is scored by this model, or by none."""
    if old := store.in_use(equipe_id):
        old.estado = ModelState.SUBSTITUIDO.value
    db.session.flush()
    put_in_force(equipe_id, modelo_versao=versao)
