from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "portaal"

    def ready(self):
        from portal import pictures, signals

        signals.connect()
        pictures.connect()
