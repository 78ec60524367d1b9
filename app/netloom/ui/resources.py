"""Where fonts, icons, glyphs and tokens are: inside an installed package, else at the top of the repository."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def folder() -> Path:
    """The folder of all resources; FileNotFoundError where an installation has lost them."""
    for place in (_PACKAGE / "resources", _PACKAGE.parent.parent / "resources"):
        if (place / "look" / "tokens.json").is_file():
            return place
    raise FileNotFoundError(
        f"Netloom's resources are missing: expected them in {_PACKAGE / 'resources'}. Install Netloom again."
    )


def path(*parts: str) -> Path:
    """A file of the resources, such as `icons/play.svg` by its parts."""
    return folder().joinpath(*parts)
