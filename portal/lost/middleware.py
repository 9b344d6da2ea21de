"""What an old page number on a list that is still there leads to."""

from django.http import Http404, HttpResponsePermanentRedirect

from portal.lost.page_numbers import in_new_list, list_at, old_number


class OldPageNumberMiddleware:
    """`/inspiratie/?page=1` of the site before this one is `/inspiratie/?pagina=2` here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD") and not request.path.startswith("/beheer/"):
            number = old_number(request)
            if number is not None and request.path.endswith("/"):
                url = self._new_url(request, number)
                if url and url != request.get_full_path():
                    return HttpResponsePermanentRedirect(url)
        return self.get_response(request)

    @staticmethod
    def _new_url(request, number: int) -> str:
        try:
            selection = list_at(request, request.path)
        except Http404:
            return ""
        return in_new_list(selection, number, keeps_query=True) if selection else ""
