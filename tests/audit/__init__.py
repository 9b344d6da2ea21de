"""`make audit`: what BAR.md asks of the running portal, judged by what can run here (docs/audit.md)."""
