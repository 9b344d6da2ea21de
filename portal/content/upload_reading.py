"""Images and documents of a folder: what is said of them, and whether the file is what its name says."""

from django.conf import settings
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from portal.content.folder import Folder, Upload
from portal.content.markup import Keys, Text, split_file
from portal.content.mistakes import Wrong
from portal.content.plan import Plan, UploadPlan
from portal.content.values import single
from portal.uploads import check_document

KEYS = {"images": ("title", "alt", "credit", "focal_point"), "documents": ("title",)}
LENGTHS = {"title": 255, "alt": 255, "credit": 160}
FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}
POINT = ("x", "y", "width", "height")


def read_uploads(folder: Folder, plan: Plan):
    """Add the images and documents to the plan; what is wrong goes to `folder.mistakes`."""
    for kind, uploads in folder.uploads.items():
        for upload in uploads.values():
            if upload.description is None or upload.path.suffix == ".md":
                continue
            values = _read_description(folder, kind, upload)
            _check_file(folder, kind, upload)
            getattr(plan, kind).append(UploadPlan(upload.name, upload.description.name, upload.path, values))


def _read_description(folder: Folder, kind: str, upload: Upload) -> dict[str, object]:
    file, values = upload.description, {}
    try:
        keys, body, line = split_file(file.text)
    except Wrong as error:
        folder.add(file.name, error.reason, error.line)
        return values
    for name, value in keys.values.items():
        try:
            if name not in KEYS[kind]:
                raise Wrong(
                    f"there is no key {name!r}; the keys are {', '.join(KEYS[kind])}", keys.line_of(name)
                )
            values[name] = _point(value) if name == "focal_point" else _text(name, value)
        except Wrong as error:
            folder.add(file.name, error.reason, error.line)
    if not values.get("title") and "title" not in keys.values:
        folder.add(file.name, "title is missing", keys.line)
    if body.strip():
        folder.add(file.name, "there is no place for text below the front matter here", line)
    return values


def _text(name: str, value) -> str:
    text = single(value, name)
    if name == "title" and not text.text.strip():
        raise Wrong("title is empty", text.line)
    if len(text.text) > LENGTHS[name]:
        raise Wrong(f"{name} is longer than {LENGTHS[name]} characters", text.line)
    return text.text


def _point(value) -> tuple[int, ...]:
    if not isinstance(value, Keys) or set(value.values) != set(POINT):
        raise Wrong(f"focal_point has the keys {', '.join(POINT)}", value.line)
    texts = [value.values[name] for name in POINT]
    if not all(
        isinstance(t, Text) and t.text.isascii() and t.text.isdigit() and len(t.text) < 7 for t in texts
    ):
        raise Wrong("focal_point is in whole pixels", value.line)
    return tuple(int(text.text) for text in texts)


def _check_file(folder: Folder, kind: str, upload: Upload):
    limit = (
        settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE if kind == "images" else settings.WAGTAILDOCS_MAX_UPLOAD_SIZE
    )
    if upload.path.stat().st_size > limit:
        return
    with upload.path.open("rb") as handle:
        if kind == "documents":
            if check_document(handle, upload.path.name):
                folder.add(upload.label, "the file is empty, damaged, or not what its name says")
            return
        try:
            with PillowImage.open(handle) as image:
                width, height = image.size
                wanted = FORMATS.get(upload.path.suffix.removeprefix(".").lower())
                if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                    folder.add(upload.label, f"the image is too large: {width} × {height} pixels")
                elif image.format != wanted:
                    folder.add(upload.label, f"the file is a {image.format}, not what its name says")
                else:
                    image.verify()
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError):
            folder.add(upload.label, "the image is damaged, or not what its name says")
