"""What the API's role may do where another role owns the tables: one rule for every one of them.

Migrations apply it with each step, in its transaction, so that no table is there without its
grants; a table of a later migration needs no line here. What the rule does not name is taken back.
"""

from sqlalchemy import Connection, text

_READ_WRITE = "select, insert, update, delete"
# The history only grows; where migrations stand is for them to write.
_LESS = {"eventos": "select, insert", "alembic_version": "select"}

# What PostgreSQL usually grants to everyone; imports need temporary tables.
_PLACES = """
select format('grant temporary on database %I to %I', current_database(), cast(:role as text))
where not has_database_privilege(:role, current_database(), 'temporary')
union all
select format('grant usage on schema %I to %I', n.nspname, cast(:role as text))
from pg_namespace n
where n.nspname = current_schema() and pg_has_role(n.nspowner, 'usage')
  and not has_schema_privilege(:role, n.oid, 'usage')
union all
select format('revoke create on schema %I from public, %I', n.nspname, cast(:role as text))
from pg_namespace n
where n.nspname = current_schema() and pg_has_role(n.nspowner, 'usage')
  and has_schema_privilege(:role, n.oid, 'create')
"""
_RELATIONS = """
select cast(cast(c.oid as regclass) as text), c.relname, c.relkind = 'S'
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema() and pg_has_role(c.relowner, 'usage')
  and c.relkind in ('r', 'p', 'v', 'm', 'S')
"""
# Those that run as the owner are for this role alone; a trigger's are called by no one.
_FUNCTIONS = """
select cast(cast(p.oid as regprocedure) as text), p.prosecdef,
  p.prorettype = cast('trigger' as regtype)
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = current_schema() and pg_has_role(p.proowner, 'usage') and p.prokind = 'f'
"""


def grant_to(connection: Connection, role: str) -> None:
    """Give the role what it needs, as the tables' owner; nothing if it is that owner itself."""
    if connection.scalar(text("select current_user")) == role:
        return
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    statements = [
        *connection.scalars(text(_PLACES), {"role": role}),
        *_on_relations(connection, quoted),
        *_on_functions(connection, quoted),
    ]
    for statement in statements:
        connection.exec_driver_sql(statement)


def _on_relations(connection: Connection, role: str) -> list[str]:
    statements = []
    for name, plain_name, is_sequence in connection.execute(text(_RELATIONS)):
        kind = "sequence" if is_sequence else "table"
        granted = "usage" if is_sequence else _LESS.get(plain_name, _READ_WRITE)
        statements.append(f"revoke all on {kind} {name} from {role}")
        statements.append(f"grant {granted} on {kind} {name} to {role}")
    return statements


def _on_functions(connection: Connection, role: str) -> list[str]:
    statements = []
    for name, runs_as_owner, of_a_trigger in connection.execute(text(_FUNCTIONS)):
        if runs_as_owner:
            statements.append(f"revoke all on function {name} from public")
        if not of_a_trigger:
            statements.append(f"grant execute on function {name} to {role}")
    return statements
