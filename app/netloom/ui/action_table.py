"""All that can be done in the window, declared once: menus, buttons, keys, palette and help come from this table."""

from netloom.ui.action_spec import ActionSpec, on_canvas
from netloom.ui.canvas_actions import ARRANGE, BLOCK, BOOKMARKS, CANVAS, EDIT, SELECT
from netloom.ui.runs_actions import QUEUE, RUNS

_FILE = (
    ActionSpec("new", "New network", "File", ("Ctrl+N",), "plus", "Start with an empty canvas"),
    ActionSpec(
        "template", "Open template…", "File", ("Ctrl+Shift+N",), "layout-template", "Start from a network that trains"
    ),
    ActionSpec("open", "Open…", "File", ("Ctrl+O",), "folder-open", "Open a .loom file"),
    ActionSpec("welcome", "Welcome page", "File", (), "", "Recent networks and the gallery"),
    ActionSpec("save", "Save", "File", ("Ctrl+S",), "save", "Write the network to its file", begins_group=True),
    ActionSpec("save_as", "Save as…", "File", ("Ctrl+Shift+S",), "", "Write the network to another file"),
    ActionSpec(
        "export", "Export…", "File", ("Ctrl+E",), "share-2", "Take the network away as code or a file", "filled"
    ),
    ActionSpec(
        "export_drawing",
        "Export drawing…",
        "File",
        ("Ctrl+Shift+E",),
        "",
        "Save the drawing as SVG, PDF or PNG",
        "filled",
    ),
    ActionSpec(
        "next_tab",
        "Next document",
        "File",
        ("Ctrl+Tab", "Ctrl+PgDown"),
        "",
        "Show the tab to the right",
        "tabs",
        begins_group=True,
    ),
    ActionSpec(
        "previous_tab",
        "Previous document",
        "File",
        ("Ctrl+Shift+Tab", "Ctrl+PgUp"),
        "",
        "Show the tab to the left",
        "tabs",
    ),
    ActionSpec("close_tab", "Close document", "File", ("Ctrl+W",), "", "Close this tab", begins_group=True),
    ActionSpec("quit", "Quit", "File", ("Ctrl+Q",), "", "Close Netloom"),
)

_VIEW = (
    on_canvas("fit", "Show everything", "View", ("Home",), "Fit the whole network into the canvas", None, "maximize"),
    on_canvas(
        "fit_selection", "Show the selection", "View", ("F",), "Fit what is selected into the canvas", None, "scan"
    ),
    ActionSpec("actual_size", "Actual size", "View", ("Ctrl+0",), "", "Zoom to 100 %"),
    ActionSpec("zoom_in", "Zoom in", "View", ("Ctrl++", "Ctrl+="), "zoom-in", "Come nearer"),
    ActionSpec("zoom_out", "Zoom out", "View", ("Ctrl+-",), "zoom-out", "Step back"),
    ActionSpec(
        "palette", "Palette", "View", ("F7",), "", "Show or hide the palette", checkable=True, begins_group=True
    ),
    ActionSpec("dock", "Dock", "View", ("F8",), "", "Show or hide plots, runs, code, problems and log", checkable=True),
    ActionSpec("inspector", "Inspector", "View", ("F9",), "", "Show or hide the inspector", checkable=True),
    ActionSpec("next_panel", "Next panel", "View", ("F6",), "", "Take the keyboard to the next panel"),
    ActionSpec("previous_panel", "Previous panel", "View", ("Shift+F6",), "", "Take the keyboard to the panel before"),
    ActionSpec("show_live", "Live", "View", ("Ctrl+1",), "", "Curves of the run", begins_group=True),
    ActionSpec("show_runs", "Runs", "View", ("Ctrl+2",), "", "All runs that are kept, and the queue"),
    ActionSpec("show_code", "Code", "View", ("Ctrl+3",), "", "The network as PyTorch code"),
    ActionSpec("show_problems", "Problems", "View", ("Ctrl+4",), "", "What is wrong and how to put it right"),
    ActionSpec("show_log", "Log", "View", ("Ctrl+5",), "", "What happened so far"),
    ActionSpec("show_history", "History", "View", ("Ctrl+6",), "history", "Every step; a click goes back to it"),
    ActionSpec("theme", "Dark or light", "View", ("Ctrl+Shift+L",), "sun-moon", "Switch the theme", begins_group=True),
    ActionSpec("full_screen", "Full screen", "View", ("F11",), "", "Use the whole screen", checkable=True),
)

_RUN = (
    ActionSpec(
        "train", "Train", "Run", ("Ctrl+Return", "F5"), "play", "Start, pause and continue training", "trainable"
    ),
    ActionSpec("step", "One step", "Run", ("F10",), "step-forward", "Train on one batch, then pause", "trainable"),
    QUEUE,
    ActionSpec(
        "apply_to_run",
        "Apply to the run",
        "Run",
        ("Ctrl+Alt+Return",),
        "git-merge",
        "Go on training with the network as it is now; what did not change keeps its weights",
        "changed",
    ),
    ActionSpec("stop", "Stop and keep", "Run", ("Shift+F5",), "square", "End the run; its weights are kept", "active"),
    ActionSpec(
        "run_settings",
        "Run settings…",
        "Run",
        ("Ctrl+R",),
        "",
        "Epochs, batch size, seed and device",
        begins_group=True,
    ),
)

_HELP = (
    ActionSpec(
        "keys", "Keyboard shortcuts…", "Help", ("F1",), "keyboard", "Every key at a glance, and how to change it"
    ),
    ActionSpec("about", "About Netloom", "Help", (), "", "Version and licence"),
)


ACTIONS: tuple[ActionSpec, ...] = (
    *_FILE,
    *EDIT,
    *SELECT,
    *ARRANGE,
    *BLOCK,
    *_VIEW,
    *_RUN,
    *RUNS,
    *_HELP,
    *CANVAS,
    *BOOKMARKS,
)
