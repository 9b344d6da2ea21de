"""`make bench`: what every template costs, beside the empty home page of a fresh Wagtail project in the same run."""
