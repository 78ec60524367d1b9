"""The actions on runs that are kept and on the queue."""

from netloom.ui.action_spec import ActionSpec, on_runs

QUEUE = ActionSpec(
    "queue",
    "Add to queue",
    "Run",
    ("Ctrl+Shift+Return",),
    "clock",
    "Train this network as it is now, after the runs before it",
    "filled",
)

RUNS = (
    on_runs(
        "run_open", "Open its network", ("Return", "Enter"), "Open the network of the run in a tab", "kept", "file-up"
    ),
    on_runs("run_resume", "Go on with it", ("R",), "Train an unfinished run on, exactly where it was", "kept", "play"),
    on_runs("run_export", "Export its model…", ("E",), "Take the trained model away as a file", "kept", "share-2"),
    on_runs("run_rename", "Rename", ("F2",), "Give the run another name", "kept", "text-cursor", begins_group=True),
    on_runs("run_tags", "Edit tags", ("T",), "Words to find the run by, divided by commas", "kept", "hash"),
    on_runs("run_notes", "Write notes", ("N",), "What was tried, and what came out", "kept", "sticky-note"),
    on_runs("run_pin", "Pin", ("P",), "Keep the selected runs at the top", "kept", "pin"),
    on_runs("run_hide", "Hide", ("H",), "Show the selected runs only where Hidden is on", "kept", "eye-off"),
    on_runs(
        "run_compare",
        "Compare",
        ("C",),
        "What differs between the selected runs, side by side",
        "compared",
        "git-compare-arrows",
        begins_group=True,
    ),
    on_runs("run_csv", "Download CSV…", ("D",), "Every step and epoch of the selected runs", "kept", "download"),
    on_runs(
        "run_tensorboard",
        "Write TensorBoard files…",
        ("B",),
        "The curves of the selected runs as event files",
        "kept",
        "chart-line",
    ),
    on_runs(
        "run_up",
        "Earlier in the queue",
        ("Alt+Up",),
        "Start it before the one above",
        "waiting",
        "arrow-up",
        begins_group=True,
    ),
    on_runs("run_down", "Later in the queue", ("Alt+Down",), "Start it after the one below", "waiting", "arrow-down"),
    on_runs("run_find", "Find a run", ("F",), "Search names, tags, notes and kinds of nodes", None, "search"),
    on_runs("run_sort", "Sort by the next column", ("S",), "Go through the columns of the table"),
    on_runs("run_turn", "Turn the order round", ("Shift+S",), "Highest first, or lowest first"),
    on_runs(
        "run_delete",
        "Delete",
        ("Del", "Backspace"),
        "Delete the selected runs, or take them from the queue",
        "picked",
        "trash-2",
        begins_group=True,
    ),
    on_runs("run_undelete", "Bring back deleted runs", ("U",), "As long as this window is open", "deleted", "undo-2"),
)
