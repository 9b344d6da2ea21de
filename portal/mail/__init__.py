"""Mail that the portal sends: kept with the change that caused it, sent by the worker until a mail server takes it."""
