"""The way in for a WSGI server: Django, the page cache in front of it, who counts, and the short way to a kept page."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from portal.watching.requests import Watched  # noqa: E402

if settings.PAGE_CACHE:
    from portal.cache.express import Express
    from portal.cache.layer import PageCache

    layer = PageCache(application)
    application = Express(layer, Watched(layer))
else:
    application = Watched(application)
