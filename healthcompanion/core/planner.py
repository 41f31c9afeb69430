"""What SQLite knows of its own rows: without it large tables are searched by the wrong index."""

from django.db import connection

ROWS = 1000  # of each index: milliseconds, however large the tables are


def refresh_planner() -> None:
    """Let SQLite look at its tables again (sqlite.org/lang_analyze.html).

    PostgreSQL does so by itself (autovacuum).
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {ROWS}")
            cursor.execute("ANALYZE")
