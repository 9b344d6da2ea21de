"""Who may come in and what they may do: people and groups, the second step of logging in, limits, sessions, the log."""
