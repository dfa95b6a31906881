"""One action on many leads, on the wire."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from controllers.schemas.fields import INT64, Id, State
from controllers.schemas.leads.leadFields import (
    Attributes,
    Campaign,
    City,
    Closing,
    Expected,
    LastContact,
    NextContact,
    Product,
    Reason,
    SomeTags,
    Source,
    Stage,
    Value,
)
from controllers.schemas.leads.leadQuerySchema import SearchFilters
from controllers.schemas.ownershipSchema import NewOwner
from controllers.schemas.wire import Wire, doc
from services.bulkService import MOST, Action, Outcome, parameters_of
from services.errors import MISSING, Code, FieldError, Invalid

_NOT_OF_IT = "Este campo não é desta acao."
_EITHER = "Mande ids ou filtros, um dos dois."
_ALL = 'Informe ao menos um filtro; para todos os leads, mande {"todos": true}.'


class BulkFilters(SearchFilters):
    """Os filtros da lista e os de `POST /leads/search`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"etapa": ["novo"]}]})

    todos: Annotated[bool, doc("true, sem filtros: todos os leads.", True, strict=True)] = False


class BulkFields(Wire):
    """O que muda, como num PATCH: `null` esvazia um campo, `atributos` se juntam aos que há."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"campanha": "consórcio de outubro"}]}
    )

    produto: Product | None = None
    valor: Value | None = None
    origem: Source | None = None
    campanha: Campaign | None = None
    cidade: City | None = None
    uf: State | None = None
    proximo_contato_em: NextContact | None = None
    ultimo_contato_em: LastContact | None = None
    previsto_para: Expected | None = None
    atributos: Attributes | None = {}


class BulkInput(Wire):
    """O que fazer, e com quais leads: os de `ids` ou os que combinam com `filtros`.

    assign pede `responsavel_id` (auto: distribuir; nulo: ninguém); move, `etapa`, e aceita
    `motivo_perda` e `fechado_em`; tag e untag, `etiquetas`; set, `campos`; restore aceita
    `permitir_duplicado`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"acao": "tag", "ids": [4711, 4712], "etiquetas": ["outubro"]}]
        }
    )

    acao: Annotated[
        Literal["assign", "move", "tag", "untag", "delete", "restore", "set"],
        doc("O que fazer.", "tag"),
    ]
    ids: (
        Annotated[
            list[Id],
            doc(
                f"Até {MOST} leads; um repetido conta uma vez.",
                [4711],
                min_length=1,
                max_length=MOST,
            ),
        ]
        | None
    ) = None
    filtros: (
        Annotated[BulkFilters, doc("Os que combinam; de restore, os excluídos.", {"uf": ["SP"]})]
        | None
    ) = None
    dry_run: Annotated[bool, doc("true só confere: nada é gravado.", True, strict=True)] = False
    responsavel_id: NewOwner | None = None
    etapa: Stage | None = None
    motivo_perda: Reason | None = None
    fechado_em: Closing | None = None
    etiquetas: SomeTags | None = None
    campos: Annotated[BulkFields, doc("O que set muda.", {"campanha": "outubro"})] | None = None
    permitir_duplicado: Annotated[
        bool, doc("true restaura também leads cujos dados já são de outro.", False, strict=True)
    ] = False

    def action(self) -> Action:
        """Raises Invalid for parameters that are missing or are none of the action's."""
        wanted = parameters_of(self.acao)
        sent = self.model_fields_set - {"acao", "ids", "filtros", "dry_run"}
        errors = [
            FieldError(name, Code.CAMPO_DESCONHECIDO, _NOT_OF_IT)
            for name in sorted(sent - wanted.keys())
        ]
        errors += [FieldError(name, *MISSING) for name in wanted if self._lacks(name, wanted[name])]
        if errors:
            raise Invalid(fields=errors)
        values = {name: getattr(self, name) for name in wanted if name in sent}
        if self.campos is not None:
            values["campos"] = self.campos.model_dump(exclude_unset=True)
        return Action(self.acao, values)

    def _lacks(self, name: str, needed: bool) -> bool:
        """Nobody is an answer to whose the leads are to be."""
        nothing = name != "responsavel_id" and getattr(self, name) is None
        empty = name == "campos" and self.campos is not None and not self.campos.model_fields_set
        return needed and (name not in self.model_fields_set or nothing or empty)

    def filters(self) -> dict[str, Any] | None:
        """The filters, None for `ids`. Raises Invalid for both, neither, and for filters that are
        empty by mistake."""
        if (self.ids is None) is (self.filtros is None):
            missing = FieldError("ids", MISSING[0], _EITHER)
            both = FieldError("filtros", Code.VALOR_INVALIDO, _EITHER)
            raise Invalid(fields=[missing if self.ids is None else both])
        if self.filtros is None:
            return None
        found = self.filtros.model_dump(exclude={"todos"}, exclude_defaults=True)
        if bool(found) is self.filtros.todos:
            code = Code.VALOR_INVALIDO if found else MISSING[0]
            raise Invalid(fields=[FieldError("filtros", code, _ALL)])
        return found


class FailureOutput(BaseModel):
    """Um lead que não mudou."""

    id: Annotated[int, doc("Número do lead.", 4712, **INT64)]
    codigo: Annotated[Code, doc("Por quê, para programas.", Code.NAO_ENCONTRADO)]


class BulkOutput(BaseModel):
    """O que foi feito de cada lead."""

    alterados: Annotated[int, doc("Quantos mudaram.", 1)]
    iguais: Annotated[int, doc("Quantos já eram assim.", 0)]
    falhas: Annotated[list[FailureOutput], Field(description="Os que não mudaram, por id.")]

    @staticmethod
    def of(outcome: Outcome) -> dict[str, Any]:
        falhas = [failure._asdict() for failure in outcome.falhas]
        return {"alterados": outcome.alterados, "iguais": outcome.iguais, "falhas": falhas}
