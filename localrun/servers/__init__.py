"""PostgreSQL, Valkey and a mail catcher from their wheels, as child processes."""
