"""Dutch search for both databases: analysis, index, queries, ranking, what the site's words are and what was asked."""
