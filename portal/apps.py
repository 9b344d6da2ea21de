from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "portaal"

    def ready(self):
        from portal import pictures, signals
        from portal.cache import jobs
        from portal.mail.delivery import send_due
        from portal.operate.media_snapshot import recover_unless_running
        from portal.operate.rotation import back_up_tonight
        from portal.watching import events
        from portal.work.jobs import register

        signals.connect()
        pictures.connect()
        jobs.connect()
        events.connect()
        register("mail", send_due, every=10)
        register("backup", back_up_tonight, every=600)
        register("recover_media", recover_unless_running, every=60, on_each_machine=True)
