from django.db import migrations

from portal.search.seed import seed_synonyms


def add(apps, schema_editor):
    seed_synonyms(apps.get_model("search", "Synonym"))


class Migration(migrations.Migration):
    """The synonyms that a new site starts with."""

    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
