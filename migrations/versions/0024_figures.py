"""Figures that are counted as leads change: what changed, the cells it is folded into, and the
functions that do both.

Every function runs as its caller, under row-level security, so each is of one equipe.
"""

import sqlalchemy as sa
from alembic import op

from migrations.figures.changes import ALL, REFERENCING, WATCHED
from migrations.figures.facts import BUCKET, LEAD_FACTS, STAY_FACTS
from migrations.figures.folding import FOLD, KEY, RECOUNT, REGISTER
from utils.calendars import runs

revision = "0024"
down_revision = "0023"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_TABLES = ("metricas_delta", "metricas_celulas", "metricas_nomes", "metricas_base")
_DEFAULT_ZONE = "America/Sao_Paulo"
# Of lost leads, the last stay in a stage of another kind: from one lost stage they may have gone on
# to the next.
_MARK = """
with ultimas as (
  select s.equipe_id, s.lead_id, max(s.n) as n
  from leads l join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa
  join permanencias s on s.equipe_id = l.equipe_id and s.lead_id = l.id
  join etapas d on d.equipe_id = s.equipe_id and d.chave = s.etapa
  where e.tipo = 'perdida' and d.tipo <> 'perdida' group by s.equipe_id, s.lead_id)
update permanencias s set perdida = true from ultimas u
where s.equipe_id = u.equipe_id and s.lead_id = u.lead_id and s.n = u.n
"""


def upgrade() -> None:
    _mark_losses()
    _create_tables()
    for function in (ALL, BUCKET, LEAD_FACTS, STAY_FACTS, FOLD, RECOUNT):
        op.execute(sa.text(function.replace(":", r"\:")))
    _fill_calendars()
    # Nobody may write a lead between the count and the commit, and triggers see to that.
    for table, (written, operations) in WATCHED.items():
        for operation in operations:
            _watch(table, operation, written(operation))
    _count()


def _mark_losses() -> None:
    """A stay tells whether its lead left it to be lost, and is lost since."""
    marked = sa.Column("perdida", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("permanencias", marked)
    read = ("permanencias", "leads", "etapas")
    for table in read:
        op.execute(f"alter table {table} no force row level security")
    op.execute(_MARK)
    for table in read:
        op.execute(f"alter table {table} force row level security")


def _watch(table: str, operation: str, statements: str) -> None:
    """What inserts, updates and deletes in one statement calls all three, mostly for nothing."""
    name = f"metricas_{table}_{operation}"
    rows = "antes" if operation == "delete" else "depois"
    body = f"begin if exists (select from {rows}) then {statements} end if; return null; end"
    function = f"create function {name}() returns trigger language plpgsql as $$ {body} $$"
    op.execute(sa.text(function.replace(":", r"\:")))
    op.execute(
        f"create trigger {name} after {operation} on {table} "
        f"referencing {REFERENCING[operation]} for each statement execute function {name}()"
    )


def _fill_calendars() -> None:
    """Of the zones that there are equipes in."""
    connection = op.get_bind()
    zones = set(connection.scalars(sa.text("select distinct fuso from equipes")))
    insert = sa.text(
        "insert into fusos_dias (fuso, lei, de, dia, dias) select :fuso, 1, d.* "
        "from unnest(cast(:de as timestamptz[]), cast(:dia as int[]), cast(:dias as int[])) d"
    )
    for zone in sorted({_DEFAULT_ZONE, *zones}):
        columns = {name: [getattr(run, name) for run in runs(zone)] for name in _OF_RUNS}
        connection.execute(insert, {"fuso": zone, **columns})


_OF_RUNS = ("de", "dia", "dias")


def _count() -> None:
    """An equipe at a time, in its own name: so each table may stay forced."""
    connection = op.get_bind()
    tenants = list(connection.execute(sa.text("select id, fuso from equipes order by id")))
    for equipe_id, zone in tenants:
        connection.execute(sa.text(f"set local app.equipe_id = '{int(equipe_id)}'"))
        values = {"e": equipe_id, "z": zone}
        connection.execute(sa.text(REGISTER), values)
        connection.execute(sa.text("select metricas_dobrar(:e, null)"), values)
        connection.execute(sa.text("select metricas_recontar(:e, :z, 1)"), values)


def downgrade() -> None:
    for table, (_, operations) in WATCHED.items():
        for operation in operations:
            op.execute(f"drop trigger metricas_{table}_{operation} on {table}")
            op.execute(f"drop function metricas_{table}_{operation}()")
    for signature in (
        "recontar(bigint, text, int)",
        "dobrar(bigint, int)",
        "fatos_de_lead(metricas_delta, text, int)",
        "fatos_de_permanencia(metricas_delta, text, int)",
        "balde(interval)",
        "de_agora(bigint)",
    ):
        op.execute(f"drop function metricas_{signature}")
    for table in (*reversed(_TABLES), "fusos_dias"):
        op.drop_table(table)
    op.drop_column("permanencias", "perdida")


def _create_tables() -> None:
    moments = ("criado_em", "fechado_em", "primeira_resposta_em", "proximo_contato_em")
    op.create_table(
        "metricas_delta",
        _number("equipe_id"),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("sinal", sa.SmallInteger(), nullable=False),
        sa.Column("de_permanencia", sa.Boolean(), nullable=False),
        sa.Column("etapa", sa.String(40), nullable=False),
        sa.Column("tipo", sa.String(8), nullable=False),
        sa.Column("faixa", sa.String(8)),
        sa.Column("responsavel_id", sa.BigInteger()),
        *(sa.Column(*each) for each in _WORD_COLUMNS),
        sa.Column("valor_centavos", sa.BigInteger()),
        sa.Column("probabilidade", sa.Double()),
        *(_moment(name) for name in moments[:2]),
        sa.Column("previsto_para", sa.Date()),
        *(_moment(name) for name in (*moments[2:], "entrou_em", "saiu_em")),
        sa.Column("primeira", sa.Boolean()),
        sa.Column("perdido", sa.Boolean()),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_metricas_delta"),
    )
    op.create_table(
        "metricas_celulas",
        _number("equipe_id"),
        sa.Column("fato", sa.String(16), nullable=False),
        sa.Column("grao", sa.SmallInteger(), autoincrement=False, nullable=False),
        _number("responsavel_id"),
        sa.Column("origem", sa.String(320), nullable=False),
        sa.Column("produto", sa.String(320), nullable=False),
        sa.Column("quando", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chave", sa.String(40), nullable=False),
        sa.Column("tipo", sa.String(8), nullable=False),
        sa.Column("balde", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(_number(name) for name in ("n",)),
        sa.Column("valor", sa.Numeric(), nullable=False),
        _number("pesados"),
        *(sa.Column(name, sa.Numeric(), nullable=False) for name in ("ponderado", "variancia")),
        sa.PrimaryKeyConstraint("equipe_id", *KEY.split(", "), name="pk_metricas_celulas"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "metricas_nomes",
        _number("equipe_id"),
        sa.Column("campo", sa.String(8), nullable=False),
        sa.Column("chave", sa.String(320), nullable=False),
        sa.Column("nome", sa.String(80), nullable=False),
        sa.Column("dentro", sa.Boolean(), nullable=False),
        _number("n"),
        sa.PrimaryKeyConstraint("equipe_id", "campo", "chave", name="pk_metricas_nomes"),
    )
    op.create_index(
        "ix_metricas_nomes_fora",
        "metricas_nomes",
        ["equipe_id", "campo"],
        postgresql_where=sa.text("not dentro and n > 0"),
    )
    op.create_table(
        "metricas_base",
        _number("equipe_id"),
        sa.Column("fuso", sa.String(64), nullable=False),
        sa.Column("lei", sa.Integer(), nullable=False),
        sa.Column("dobrados", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("equipe_id", name="pk_metricas_base"),
    )
    op.create_table(
        "fusos_dias",
        sa.Column("fuso", sa.String(64), nullable=False),
        sa.Column("lei", sa.Integer(), autoincrement=False, nullable=False),
        _moment("de", nullable=False),
        sa.Column("dia", sa.Integer(), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fuso", "lei", "de", name="pk_fusos_dias"),
    )
    # Its rows live for a minute or less.
    op.execute(
        "alter table metricas_delta set "
        "(autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
    )
    for table in _TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        rule = f"using ({_OWN}) with check ({_OWN})"
        op.execute(f"create policy {table}_da_equipe on {table} {rule}")


_WORD_COLUMNS: list[tuple[str, sa.String]] = [
    (name, sa.String(length))
    for name, length in (
        ("origem", 80),
        ("origem_chave", 320),
        ("produto", 80),
        ("produto_chave", 320),
    )
]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
