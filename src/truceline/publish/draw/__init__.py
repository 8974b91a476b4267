"""Maps and charts from tables: these functions read nothing and know no case."""
