"""Images and documents written to the site; files of a load that fails are taken away again."""

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike

from portal.content.plan import UploadPlan

POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


class UploadWriter:
    """Writes uploads and remembers which files are new and which were replaced."""

    def __init__(self):
        self.new: list[tuple[object, str]] = []
        self.replaced: list[tuple[object, str]] = []

    def write(self, kind: str, plan: UploadPlan, row) -> tuple[int, str]:
        """The primary key of the image or document, and whether it was created, updated or left unchanged."""
        model = get_image_model() if kind == "images" else get_document_model()
        values = self._values(kind, plan)
        with plan.path.open("rb") as handle:
            digest = hash_filelike(handle)
            what = "unchanged" if row else "created"
            row = row or model()
            has_new_file = row.pk is None or row.get_file_hash() != digest
            if not has_new_file and all(getattr(row, name) == value for name, value in values.items()):
                return row.pk, what
            what = "updated" if row.pk else "created"
            for name, value in values.items():
                setattr(row, name, value)
            if has_new_file:
                self._take_file(kind, row, plan, handle)
            try:
                row.save()
            finally:
                if has_new_file and row.file._committed:
                    self.new.append((row.file.storage, row.file.name))
        if has_new_file and what == "updated" and kind == "images":
            for rendition in row.renditions.all():
                rendition.delete()
        return row.pk, what

    def _values(self, kind: str, plan: UploadPlan) -> dict[str, object]:
        values = {"title": plan.values["title"], "content_key": plan.name}
        if kind == "images":
            values["description"] = plan.values.get("alt", "")
            values["credit"] = plan.values.get("credit", "")
            values.update(zip(POINT, _centre(plan.values.get("focal_point")), strict=True))
        return values

    def _take_file(self, kind: str, row, plan: UploadPlan, handle):
        if row.pk and row.file:
            self.replaced.append((row.file.storage, row.file.name))
        row.file = File(handle, name=plan.path.name)
        if kind == "images":
            row._set_image_file_metadata()

    def remove_new_files(self):
        """After a load that failed: what it wrote to disk goes."""
        for storage, name in self.new:
            storage.delete(name)

    def remove_replaced_files(self):
        """After a load that succeeded: the files that were replaced go."""
        for storage, name in self.replaced:
            storage.delete(name)


def _centre(point) -> tuple:
    """Wagtail keeps the middle of the focal area; a file says its left upper corner."""
    if not point:
        return (None, None, None, None)
    left, top, width, height = point
    return left + width // 2, top + height // 2, width, height


def corner_of(row) -> dict[str, int] | None:
    """The focal area of an image as a file says it; None without one."""
    x, y, width, height = (getattr(row, name) for name in POINT)
    if None in (x, y, width, height):
        return None
    return {"x": max(x - width // 2, 0), "y": max(y - height // 2, 0), "width": width, "height": height}
