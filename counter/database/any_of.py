"""Rows by a list of their values, given to the database as one array."""

from collections.abc import Collection
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler


class AnyOf(Lookup):
    """`filter(AnyOf("pk", keys))`: what `filter(pk__in=keys)` finds.

    `IN` has a parameter for each key; Django and the driver look at each of them in
    every statement, which is most of what a batch of two hundred costs. None in the
    list finds nothing.
    """

    prepare_rhs = False

    def __init__(self, column: str, values: Collection[object]) -> None:
        super().__init__(F(column), list(values))

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        values = [
            field.get_db_prep_value(value, connection, prepared=False)
            for value in self.rhs
        ]
        kind = field.rel_db_type(connection)
        return f"{column} = ANY(%s::{kind}[])", (*parameters, values)
