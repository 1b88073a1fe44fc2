"""The camera: what its lens, its sensor and its JPEG make of a drawn picture."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from .scene import Camera

_GRAIN_SIDE = 512
_VIGNETTE = 0.16  # how much darker the corners are


@lru_cache(maxsize=1)
def _grain() -> np.ndarray:
    """Normal noise, made once, of which every picture takes some other window."""
    return np.random.default_rng(20).standard_normal((_GRAIN_SIDE, _GRAIN_SIDE, 3), dtype=np.float32)


@lru_cache(maxsize=8)
def _vignette(height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    return (1 - _VIGNETTE * (x * x + y * y) / 2)[..., None]


def _exposed(picture: np.ndarray, camera: Camera) -> np.ndarray:
    height, width = picture.shape[:2]
    if camera.blur * height >= 0.3:
        picture = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(camera.blur * height)))
    gains = (
        np.array([1 + 0.09 * camera.warmth, 1 + 0.01 * camera.warmth, 1 - 0.11 * camera.warmth], np.float32)
        * camera.gain
    )
    values = picture * (_vignette(height, width) * gains)
    if camera.noise > 0:
        dice = np.random.default_rng(camera.seed)
        top, left = dice.integers(0, _GRAIN_SIDE, 2)
        values += camera.noise * _window(top, left, height, width)
    return np.clip(values, 0, 255).astype(np.uint8)


def _window(top: int, left: int, height: int, width: int) -> np.ndarray:
    rows = np.arange(top, top + height) % _GRAIN_SIDE
    columns = np.arange(left, left + width) % _GRAIN_SIDE
    return _grain().take(rows, axis=0).take(columns, axis=1)


def photograph_jpeg(picture: np.ndarray, camera: Camera) -> bytes:
    """The JPEG file that the camera sends."""
    file = BytesIO()
    Image.fromarray(_exposed(picture, camera)).save(file, "JPEG", quality=camera.quality, optimize=True)
    return file.getvalue()


def photograph(picture: np.ndarray, camera: Camera) -> np.ndarray:
    """What is seen of a drawn picture through the camera."""
    return np.asarray(Image.open(BytesIO(photograph_jpeg(picture, camera))).convert("RGB"))
