"""Files that someone could send to harm: bombs, lies and broken ones, made small and at once (BAR.md D09-D12)."""

import io
import struct
import zipfile
import zlib

from PIL import Image

SCRIPT = b"<script>document.title='uitgevoerd'</script>"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><l>&j;</l>"
)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    """A valid black and white PNG of this many pixels: about a thousandth of a byte each."""
    row = b"\0" * (1 + (width + 7) // 8)
    packer, packed = zlib.compressobj(9), []
    for _ in range(height):
        packed.append(packer.compress(row))
    packed.append(packer.flush())
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", b"".join(packed))
        + _chunk(b"IEND", b"")
    )


def png_with_chunk(kind: bytes, data: bytes) -> bytes:
    """A small good PNG with one more chunk after its header."""
    whole = picture("PNG")
    return whole[:33] + _chunk(kind, data) + whole[33:]


def picture(form: str, size=(320, 200), mode="RGB", **options) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(buffer, form, **options)
    return buffer.getvalue()


def animation(frames: int) -> bytes:
    buffer = io.BytesIO()
    pages = [Image.new("P", (8, 8), number % 2) for number in range(2)] * (frames // 2)
    pages[0].save(buffer, "GIF", save_all=True, append_images=pages[1:], optimize=False)
    return buffer.getvalue()


def zipped(*names: str, content: bytes = b"x") -> bytes:
    """A zip in which every file holds the same."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


def zip_with_link() -> bytes:
    """An office file with a symbolic link to the machine's own list of users."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        link = zipfile.ZipInfo("word/document.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def zip_bomb(unpacked: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(unpacked // 1_000_000):
                member.write(b"0" * 1_000_000)
    return buffer.getvalue()


def drawing(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">{inside}</svg>'.encode()


IMAGES = {
    "30000x30000.png": lambda: png_bomb(30_000, 30_000),
    "een-rij.png": lambda: png_bomb(100_000_000, 1),
    "tienduizend-beelden.gif": lambda: animation(10_000),
    "vele-paginas.tiff": lambda: picture("TIFF"),
    "tiff-heet.jpg": lambda: picture("TIFF"),
    "half.jpg": lambda: picture("JPEG")[:6000],
    "half.png": lambda: picture("PNG")[:6000],
    "half.webp": lambda: picture("WEBP")[:2000],
    "kleurprofiel.png": lambda: png_with_chunk(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * 80_000_000, 9)),
    "tekst.png": lambda: png_with_chunk(b"zTXt", b"p\0\0" + zlib.compress(b"\0" * 80_000_000, 9)),
    "script.gif": lambda: b"GIF89a/*" + SCRIPT,
    "pagina.png": lambda: b"<html>" + SCRIPT,
    "tekening.svg": lambda: drawing("<script>alert(1)</script>"),
    "vreemd.svg": lambda: drawing('<foreignObject><body onload="alert(1)"/></foreignObject>'),
    "extern.svg": lambda: drawing('<image href="http://kwaad.example/x.png"/>'),
    "tekening.png": lambda: drawing(""),
}
DOCUMENTS = {
    "plaatje.pdf": lambda: picture("PNG"),
    "pagina.docx": lambda: b"<html>" + SCRIPT,
    "verslag.pdf.html": lambda: PDF + SCRIPT,
    "verslag.html": lambda: SCRIPT,
    "tekening.svg": lambda: drawing("<script>alert(1)</script>"),
    "programma.exe": lambda: b"MZ\0\0",
    "zonder-einde": lambda: PDF,
    "bom.docx": lambda: zip_bomb(300_000_000),
    "koppeling.docx": zip_with_link,
    "lach.docx": lambda: zipped("[Content_Types].xml", "word/document.xml", content=LAUGHS),
    "macro.docx": lambda: zipped("[Content_Types].xml", "word/vbaProject.bin"),
    "leeg.pdf": lambda: b"",
}
# Odd, but honest: taken, with a name that is safe.
TOLERATED_IMAGES = {
    "kleuren-voor-druk.jpg": lambda: picture("JPEG", mode="CMYK"),
    "veel-gegevens.jpg": lambda: picture("JPEG", exif=b"Exif\0\0" + b"\0" * 65_000),
}
NAMES = {
    "../../../etc/passwd.pdf",
    "..\\..\\kwaad.pdf",
    "a%0d%0aSet-Cookie: x=1.pdf",
    "\u202efdp.exe.pdf",
    "x" * 300 + ".pdf",
    "nul\0.html.pdf",
    "<img src=x onerror=alert(1)>.pdf",
    'aanhaling".pdf',
    "CON.pdf",
    "verslag.php.pdf",
}
