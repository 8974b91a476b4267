"""The case's store: Parquet files for tables, SQLite for what was taken in."""
