"""Tables to which rows are only ever added: the database itself refuses the rest."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, event

_GUARDS: Final = {
    "sqlite": (
        "CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        "CREATE TRIGGER {table}_no_removal BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$",
        "CREATE TRIGGER no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    ),
}


def keep_append_only(table: Table) -> None:
    """Let the database refuse to change or remove rows, from when the table is made."""

    @event.listens_for(table, "after_create")
    def guard(made: Table, connection: Connection, **_: object) -> None:
        for statement in _GUARDS[connection.dialect.name]:
            connection.exec_driver_sql(statement.replace("{table}", made.name))
