"""Everything periodic, run by `manage.py work`; each job is done once, however many workers there are."""
