import getpass
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail.models import Site

from portal.accounts.people import make_user, set_up_groups
from portal.content.structure import load_structure
from portal.models import HomePage, Municipality

DEMO = Path(settings.BASE_DIR) / "portal" / "content" / "demo"


class Command(BaseCommand):
    help = (
        "From an empty database to a working site: tables, static files, home, themes, indexes, groups, workflow, "
        "name and first beheerder. Run again it restores groups and workflow and leaves pages and accounts alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("--username", help="name of the first beheerder")
        parser.add_argument("--email", default="", help="mail address of the first beheerder")
        parser.add_argument(
            "--password-env", default="", help="variable that holds the password (asked for when absent)"
        )
        parser.add_argument("--site-name", default=settings.WAGTAIL_SITE_NAME, help="what the site is called")
        parser.add_argument("--no-user", action="store_true", help="make no beheerder")

    def handle(self, *, username, email, password_env, site_name, no_user, **options):
        call_command("migrate", verbosity=0)
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        if settings.IS_PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
        account = None if no_user else self.account(username, email, password_env)
        with transaction.atomic():
            if not Municipality.objects.exists():
                call_command("load_municipalities", stdout=self.stdout)
            if HomePage.objects.exists():
                self.stdout.write("There are pages already: they stay as they are.")
            else:
                load_structure(DEMO)
            home = HomePage.objects.get()
            set_up_groups(home)
            where = urlsplit(settings.SITE_URL)
            default_port = 443 if where.scheme == "https" else 80
            Site.objects.update_or_create(
                is_default_site=True,
                defaults={
                    "hostname": where.hostname,
                    "port": where.port or default_port,
                    "root_page": home,
                    "site_name": site_name,
                },
            )
            if account:
                make_user(**account, is_superuser=True)
        self.stdout.write(
            self.style.SUCCESS(f"The site stands: {settings.SITE_URL}/ and {settings.SITE_URL}/beheer/")
        )

    def account(self, username, email, password_env):
        """The first beheerder, from flags or asked for; None when there is one already."""
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write("There is a beheerder already: no account is made.")
            return None
        if not username:
            if not sys.stdin.isatty():
                raise CommandError(
                    "Name the first beheerder with --username and --password-env, or use --no-user."
                )
            username = input("User name of the first beheerder: ").strip()
            email = email or input("Mail address: ").strip()
        if password_env:
            password = os.environ.get(password_env, "")
            if not password:
                raise CommandError(f"The variable {password_env} is empty: put the password in it.")
        elif sys.stdin.isatty():
            password = getpass.getpass("Password (12 characters or more): ")
            if getpass.getpass("The same password again: ") != password:
                raise CommandError("The two passwords are not the same: run setup_site again.")
        else:
            raise CommandError("Give the password in a variable and name it with --password-env.")
        try:
            validate_password(password, User(username=username, email=email))
        except ValidationError as error:
            raise CommandError("This password will not do: " + " ".join(error.messages)) from error
        return {"username": username, "password": password, "email": email}
