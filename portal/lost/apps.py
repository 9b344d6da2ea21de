from django.apps import AppConfig


class LostConfig(AppConfig):
    name = "portal.lost"
    verbose_name = "verdwaalde adressen"

    def ready(self):
        from portal.lost import importing, redirects, report_writing
        from portal.work import jobs

        importing.connect()
        redirects.connect()
        jobs.register("lost", report_writing.collect, every=60)
