"""The editors' side: lists per kind, snippets and the look of /beheer/."""
