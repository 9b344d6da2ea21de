from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, and how they come in."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = "accounts"

    def ready(self):
        from portal.accounts import limits, signals
        from portal.work.jobs import register

        signals.connect()
        register("accounts", limits.forget_old, every=3600)
