"""The form with which an editor adds an image: the file is judged before anything unpacks it."""

from django.core.exceptions import ValidationError
from django.forms import FileField
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.uploads import check_image


class CheckedImageField(WagtailImageField):
    """Wagtail's field unpacks a picture while it reads its size; a broken or huge one must not come that far."""

    def to_python(self, data):
        file = FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        if problem := check_image(file):
            raise ValidationError(problem, code="invalid_image")
        return super().to_python(data)


class ImageForm(BaseImageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = CheckedImageField(
                label=field.label, required=field.required, widget=field.widget
            )
        if field := self.fields.get("description"):
            field.label = "Wat is er te zien?"
            field.help_text = "Voor wie de afbeelding niet ziet. Beschrijf wat ertoe doet, in een zin."
