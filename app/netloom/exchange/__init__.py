"""Models as files: Python, ONNX, `.pt2` and safetensors. Each is checked before it is put in place."""

from netloom.exchange.job import FORMATS, TOLERANCE, export, read_weights
from netloom.exchange.place import write_text
from netloom.exchange.report import ExportReport
from netloom.exchange.script import script

__all__ = ["FORMATS", "TOLERANCE", "ExportReport", "export", "read_weights", "script", "write_text"]
