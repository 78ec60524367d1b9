"""Names in generated code: attributes that hide nothing of nn.Module, variables that are reused once they are free."""

from collections.abc import Collection

_OF_MODULE = """
T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
"""
MODULE_ATTRIBUTES = frozenset(_OF_MODULE.split())
"""What a submodule must not be called; a test compares it with the installed release."""

WORDS_IN_USE = frozenset({"self", "torch", "nn", "Tensor", "F", "math", "see", "super", "range", "float", "_"})
EASILY_MISREAD = frozenset({"l", "O", "I"})
"""What a linter refuses as the name of a variable."""
FAVOURITES = ("x", "out")


def attribute(name: str) -> str:
    """The name under which a node's module is kept."""
    taken = any(name[: len(name) - end] in MODULE_ATTRIBUTES for end in range(_underscores(name) + 1))
    return f"{name}_" if taken or name.startswith("_") else name


def _underscores(name: str) -> int:
    """How many stand at the end: train and train_ are two names, and must stay two."""
    return len(name) - len(name.rstrip("_"))


def passing(name: str, live: Collection[str]) -> str:
    """The name for a result that is soon used up: `x` or `out` while they are free, else the node's own."""
    free = (word for word in FAVOURITES if word not in live)
    return next(free, None) or argument(name, live)


def argument(name: str, taken: Collection[str]) -> str:
    """The name of an argument or a variable."""
    while name in taken or name in WORDS_IN_USE or name in EASILY_MISREAD:
        name += "_"
    return name


def class_name(name: str, taken: Collection[str]) -> str:
    """A class for a block: its name in capitals, numbered where it is taken."""
    words = [word for word in name.replace("_", " ").split() if word]
    base = "".join(word[:1].upper() + word[1:] for word in words)
    base = base if base.isidentifier() and base not in ("None", "True", "False") else "Block"
    number, found = 2, base
    while found in taken or found in WORDS_IN_USE:
        found = f"{base}{number}"
        number += 1
    return found
