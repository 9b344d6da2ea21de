"""The other forms of a list: Atom to follow, CSV and JSON to work with, iCalendar for an agenda (docs/export.md)."""
