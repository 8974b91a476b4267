"""The command truceline."""
