import sys

from django.core.management.base import BaseCommand

from portal.operate.doctor import ERROR, OK, examine


class Command(BaseCommand):
    help = "Say what is wrong with this installation and what to do; exit status 1 when something is."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--quiet", action="store_true", help="say only what is not well")

    def handle(self, *, quiet, **options):
        styles = {OK: self.style.SUCCESS, ERROR: self.style.ERROR}
        has_error = False
        for finding in examine():
            has_error |= finding.level == ERROR
            if quiet and finding.level == OK:
                continue
            level = styles.get(finding.level, self.style.WARNING)(f"{finding.level:8}")
            self.stdout.write(f"{level}{finding.about:14}{finding.text}")
        sys.exit(1 if has_error else 0)
