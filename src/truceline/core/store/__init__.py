"""Where tables rest: Parquet and SQLite in the case's folder."""
