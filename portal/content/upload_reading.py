"""Images and documents of a folder: what is said of them, and whether the file is what its name says."""

from pathlib import Path

from django.conf import settings
from PIL import Image as PillowImage

from portal.content.folder import Folder, Upload
from portal.content.markup import Keys, Text, split_file
from portal.content.mistakes import Wrong
from portal.content.plan import Plan, UploadPlan
from portal.content.values import single
from portal.uploads import check_document, check_image

KEYS = {"images": ("title", "alt", "credit", "focal_point"), "documents": ("title",)}
LENGTHS = {"title": 255, "alt": 255, "credit": 160}
PHOTO = ("JPEG", "MPO")  # a phone's photo may hold a second, smaller one
FORMATS = {
    "jpg": PHOTO, "jpeg": PHOTO, "png": ("PNG",), "gif": ("GIF",), "webp": ("WEBP",), "avif": ("AVIF",)
}  # fmt: skip
POINT = ("x", "y", "width", "height")


def read_uploads(folder: Folder, plan: Plan):
    """Add the images and documents to the plan; what is wrong goes to `folder.mistakes`."""
    for kind, uploads in folder.uploads.items():
        for upload in uploads.values():
            if upload.description is None or upload.path.suffix == ".md":
                continue
            values = _read_description(folder, kind, upload)
            problem = problem_of_file(kind, upload.path)
            if problem:
                folder.add(upload.label, problem)
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


def problem_of_file(kind: str, path: Path) -> str:
    """Why this file cannot be an image or a document of the site; "" when it can."""
    is_image = kind == "images"
    allowed = settings.WAGTAILIMAGES_EXTENSIONS if is_image else settings.WAGTAILDOCS_EXTENSIONS
    limit = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE if is_image else settings.WAGTAILDOCS_MAX_UPLOAD_SIZE
    extension = path.suffix.removeprefix(".").lower()
    if extension not in allowed:
        return f"{path.suffix or 'no extension'} is not one of {', '.join(allowed)}"
    try:
        size = path.stat().st_size
        if size > limit:
            return f"the file is {size / 2**20:.1f} MB; at most {limit / 2**20:.0f} MB may be uploaded"
        with path.open("rb") as handle:
            if is_image:
                return _problem_of_image(handle, extension)
            problem = check_document(handle, path.name)
            return "the file is empty, damaged, or not what its name says" if problem else ""
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"


def _problem_of_image(handle, extension: str) -> str:
    if check_image(handle):
        return "the image is damaged, has too many pixels or frames, or is not what its name says"
    with PillowImage.open(handle) as image:
        if image.format not in FORMATS[extension]:
            return f"the file is a {image.format}, not what its name says"
    return ""
