"""What an upload really is: a file is judged by its content, not by its name, and before it is unpacked."""

import io
import logging
import stat
import warnings
import zipfile
import zlib

from django.conf import settings
from PIL import Image

logger = logging.getLogger(__name__)

ZIPPED = {"docx", "odp", "ods", "odt", "pptx", "xlsx"}
PLAIN = {"csv", "ics", "txt"}
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 5000
MAX_FRAMES = 100
HEAD = 4096
NAME_LENGTH = 120


def check_document(file, name: str) -> str:
    """Why this file may not be uploaded, in plain Dutch for the editor; "" when it is what its name says.

    Reads at most the file's directory (zip) or its first and last bytes, never unpacks it.
    """
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    file.seek(0)
    head = file.read(2048)
    file.seek(0)
    if not head:
        return "Dit bestand is leeg. Kies een ander bestand."
    if extension == "pdf":
        return "" if head[:1024].lstrip().startswith(b"%PDF-") else "Dit is geen PDF, al heet het wel zo."
    if extension in ZIPPED:
        return _check_zip(file)
    if extension in PLAIN:
        if b"\0" in head:
            return "Dit is geen tekstbestand, al heet het wel zo."
        if extension == "ics" and not head.lstrip(b"\xef\xbb\xbf").startswith(b"BEGIN:VCALENDAR"):
            return "Dit is geen kalenderbestand, al heet het wel zo."
    return ""


def _check_zip(file) -> str:
    wrong = "Dit bestand is beschadigd, of het is niet wat de naam zegt."
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if not ({"[Content_Types].xml", "mimetype"} & {member.filename for member in members}):
                return wrong
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                return "Dit bestand is uitgepakt te groot. Maak er een PDF van, of splits het."
            if any(member.filename.lower().endswith(("vbaproject.bin", ".exe", ".js")) for member in members):
                return "Dit bestand bevat een macro of een programma. Bewaar het zonder macro's."
            if any(_leads_outside(member) or _defines_entities(archive, member) for member in members):
                return wrong
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError):
        return wrong
    finally:
        file.seek(0)
    return ""


def _leads_outside(member: zipfile.ZipInfo) -> bool:
    """A link, or a name that climbs out of the folder in which someone unpacks the file."""
    parts = member.filename.replace("\\", "/").split("/")
    return stat.S_ISLNK(member.external_attr >> 16) or ".." in parts or parts[0] in ("", "C:")


def _defines_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """XML that defines its own abbreviations: no office program writes it, and they can grow without end."""
    if not member.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(member) as part:
        return b"<!ENTITY" in part.read(HEAD)


def check_image(file) -> str:
    """Why this image may not be uploaded, in plain Dutch; "" when it may.

    Judged by its header before a pixel is unpacked; then unpacked once, within the limit, to know that it is whole.
    """
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            with Image.open(file) as image:
                if image.width * image.height > most:
                    return f"Deze afbeelding heeft meer dan {most // 1_000_000} miljoen pixels. Maak hem kleiner."
                if getattr(image, "n_frames", 1) > MAX_FRAMES:
                    return f"Deze afbeelding bestaat uit meer dan {MAX_FRAMES} beelden. Kies een stilstaand beeld."
                image.load()
    except Image.DecompressionBombError:
        return f"Deze afbeelding heeft meer dan {most // 1_000_000} miljoen pixels. Maak hem kleiner."
    except Exception as error:  # each format of Pillow fails in its own way on a broken file
        logger.info("An image was refused: %s", error)
        kinds = ", ".join(extension.upper() for extension in settings.WAGTAILIMAGES_EXTENSIONS)
        return f"Dit bestand is beschadigd, of van een soort die hier niet kan. Kies een van deze: {kinds}."
    finally:
        file.seek(0)
    return ""


def count_pages(file, name: str) -> int | None:
    """The number of pages of a PDF; None for other files and for a PDF that cannot be read."""
    if not name.lower().endswith(".pdf"):
        return None
    from pypdf import PdfReader  # eight megabytes that no reader's page needs

    try:
        file.seek(0)
        return len(PdfReader(io.BytesIO(file.read())).pages)
    except Exception as error:  # pypdf raises many kinds on broken files; the upload itself is fine
        logger.warning("The pages of %s cannot be counted: %s", name, error)
        return None
    finally:
        file.seek(0)
