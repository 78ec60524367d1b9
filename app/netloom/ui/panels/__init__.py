"""The panels beside the canvas: pure views that are told what to show and ask for what they want."""
