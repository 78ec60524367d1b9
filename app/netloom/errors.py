"""Every error that Netloom raises on purpose.

NetloomError
├── GraphError        an edit that the graph refuses; carries the node where there is one
├── DocumentError     a file that cannot be read or written; says where in the file
│   └── NewerFormatError
├── BuildError        a graph with errors was asked to become code or a module
├── DataError         a dataset that cannot be read
├── TrainingError     a run that cannot start or go on; carries the node where there is one
├── ExportError       a file that cannot be exported
└── RunError          a run that the store does not know or cannot read
"""


class NetloomError(Exception):
    """Base of all errors whose text is meant for the person at the screen."""

    def __init__(self, message: str, *, node: str | None = None) -> None:
        super().__init__(message)
        self.node = node


class GraphError(NetloomError):
    """An edit that the graph refuses."""


class DocumentError(NetloomError):
    """A document that cannot be read or written; `where` is the place in the file."""

    def __init__(self, message: str, *, where: str = "", node: str | None = None) -> None:
        super().__init__(f"{where}: {message}" if where else message, node=node)
        self.where = where


class NewerFormatError(DocumentError):
    """A document written by a newer version of Netloom."""


class BuildError(NetloomError):
    """A graph with errors was asked to become code or a module."""


class DataError(NetloomError):
    """A dataset that cannot be read."""


class TrainingError(NetloomError):
    """A run that cannot start or go on."""


class ExportError(NetloomError):
    """A file that cannot be exported."""


class RunError(NetloomError):
    """A run that the store does not know or cannot read."""
