"""SQLite looks at tables that have grown."""

import pytest
from django.db import connection

from healthcompanion.core.planner import refresh_planner
from tests.factories import UserFactory


@pytest.mark.django_db
def test_tables_that_have_grown_are_looked_at() -> None:
    UserFactory.create_batch(30)

    refresh_planner()  # on PostgreSQL nothing to do

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'accounts_user'")
            assert cursor.fetchone()[0].startswith("30 ")
