"""The two public accounts: aid given, and what was said."""
