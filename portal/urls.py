"""The public addresses, in Dutch; Wagtail's pages last."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal import views
from portal.accounts.views import CodeView, LoginView, PasswordResetView, SetUpView
from portal.cache.documents import serve_document
from portal.media_files import serve_media
from portal.search.views import opened, opensearch, search, suggestions
from portal.selection.views import OUTPUT_ROUTE, output
from portal.sitemaps import sitemap, sitemap_part

urlpatterns = [
    path("gezondheid/live/", views.live, name="live"),
    path("gezondheid/klaar/", views.ready, name="ready"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap_part, name="sitemap_part"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/favicon.svg")),
    path("beheer/login/", LoginView.as_view(), name="wagtailadmin_login"),
    path("beheer/login/code/", CodeView.as_view(), name="login_code"),
    path("beheer/login/instellen/", SetUpView.as_view(), name="login_set_up"),
    path("beheer/password_reset/", PasswordResetView.as_view(), name="wagtailadmin_password_reset"),
    path("_util/login/", RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True)),
    path("beheer/", include(wagtailadmin_urls)),
    re_path(r"^documenten/([1-9]\d{0,11})/(.*)$", serve_document, name="document"),
    path("documenten/", include(wagtaildocs_urls)),
    re_path(r"^media/(?P<path>.+)$", serve_media, name="media"),
    path("zoeken/", search, name="search"),
    path("zoeken/suggesties/", suggestions, name="suggestions"),
    path("zoeken/geopend/", opened, name="opened"),
    path("opensearch.xml", opensearch, name="opensearch"),
    re_path(OUTPUT_ROUTE, output, name="output"),
    path("", include(wagtail_urls)),
]

handler400 = "portal.middleware.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
