"""Copies of public answers, in front of Django: a page costs what a file costs and survives its database."""
