"""What an upload really is: a document is judged by its content, not by its name."""

import io
import logging
import zipfile

from pypdf import PdfReader

logger = logging.getLogger(__name__)

ZIPPED = {"docx", "odp", "ods", "odt", "pptx", "xlsx"}
PLAIN = {"csv", "ics", "txt"}
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 5000
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
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return wrong
    finally:
        file.seek(0)
    names = {member.filename for member in members}
    if not ({"[Content_Types].xml", "mimetype"} & names):
        return wrong
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        return "Dit bestand is uitgepakt te groot. Maak er een PDF van, of splits het."
    if any(member.filename.lower().endswith(("vbaproject.bin", ".exe", ".js")) for member in members):
        return "Dit bestand bevat een macro of een programma. Bewaar het zonder macro's."
    return ""


def count_pages(file, name: str) -> int | None:
    """The number of pages of a PDF; None for other files and for a PDF that cannot be read."""
    if not name.lower().endswith(".pdf"):
        return None
    try:
        file.seek(0)
        return len(PdfReader(io.BytesIO(file.read())).pages)
    except Exception as error:  # pypdf raises many kinds on broken files; the upload itself is fine
        logger.warning("The pages of %s cannot be counted: %s", name, error)
        return None
    finally:
        file.seek(0)
