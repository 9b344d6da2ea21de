"""How dates are written: as in Dutch, in whatever language someone uses the admin."""
