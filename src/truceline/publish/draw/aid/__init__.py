"""Pictures of aid, from tables; nothing is read here."""
