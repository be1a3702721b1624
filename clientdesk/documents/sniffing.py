"""What a file is, by its first bytes; what a browser or a name claims is not believed. Pure."""

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
# Office files are ZIP archives: the end of the name decides which kind, and only among these.
ZIPPED = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip",
}
TEXTS = {"txt": "text/plain", "csv": "text/csv", "eml": "message/rfc822", "md": "text/plain"}


def sniff(data: bytes, filename: str) -> str | None:
    """The content type, or None where the file is none of the kinds that are kept."""
    for magic, content_type in MAGIC:
        if data.startswith(magic):
            return content_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    ending = filename.rpartition(".")[2].lower()
    if data.startswith(b"PK\x03\x04"):
        return ZIPPED.get(ending)
    return TEXTS.get(ending) if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
