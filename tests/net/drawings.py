"""Pictures for tests."""

from io import BytesIO
from typing import Any

from PIL import Image


def drawn(image: Image.Image, form: str, **given: Any) -> bytes:
    """The picture as a file of that form."""
    file = BytesIO()
    image.save(file, form, **given)
    return file.getvalue()
