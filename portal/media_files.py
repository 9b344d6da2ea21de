"""Public media: images and their renditions. Documents are served by their own view, as attachments."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

PUBLIC_FOLDERS = ("images", "original_images")
IMAGE_TYPES = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}


@require_safe
def serve_media(request, path):
    """An image from the media folder; anything else there is not public (nginx does this in production)."""
    root = Path(settings.MEDIA_ROOT).resolve()
    if path.split("/", 1)[0] not in PUBLIC_FOLDERS or "\0" in path:
        raise Http404
    try:
        full = (root / path).resolve()
        if not full.is_relative_to(root) or not full.is_file():
            raise Http404
        handle = full.open("rb")
    except (OSError, ValueError) as error:
        raise Http404 from error
    content_type = mimetypes.guess_type(full.name)[0]
    if content_type not in IMAGE_TYPES:
        handle.close()
        raise Http404
    response = FileResponse(handle, content_type=content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
