"""Saved JSON:API answers of a Drupal site, turned into pages; what cannot be carried over is listed, page by page."""
