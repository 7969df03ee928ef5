"""Whether what a kernel writes to a tensor can be read by anybody, where write_rtosa and write_kernel run it outside of an
operator.

The body of an operator is watched (_origins.py). Of a plain function nothing is known but what is there when it hands its
tensors over: `write_rtosa(compiled, [query, cache.float(), output])` writes to a copy that goes away with the list, and the
cache stays as it was. A tensor is lost when nothing holds it but sequences and variables of functions that are running,
none of which is read any more. It is then an error where the kernel reads it too and a tensor can be seen that it is a copy
of, by its values; where only one of these is known, a warning: it may be a scratchpad.
"""
import dis
import functools
import gc
import sys
import types
import warnings
import weakref

import torch

from rblnc import launches
from rblnc._storages import base_of
from rblnc.arguments import ArgumentError

_ALONE = 2  # uses of a storage: a tensor's, and that of untyped_storage()
_STORED, _ENDS = ("STORE_FAST", "STORE_FAST_MAYBE_NULL"), ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE")
_JUMPS_ALWAYS = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP_ABSOLUTE")


class LostWriteWarning(UserWarning):
    """A kernel writes to a tensor that nobody reads afterwards."""


def check(compiled, args, kwargs):
    """Before a call of a compiled kernel. Raises ArgumentError for a copy of a tensor where what the kernel writes would not
    reach that tensor."""
    written = compiled.written(args, kwargs)
    while written:  # a `for` would hold the list, and what is in it, where it cannot be told from somebody else's
        argument, value = written.pop()
        tensor = base_of(value)
        if tensor is None or tensor.numel() == 0 or not _is_lost([value, tensor]):
            continue
        where = f"{compiled.name} writes to its argument {argument.name}, a tensor that nobody reads afterwards"
        is_read = argument.direction == "inout"
        origin = _origin_of(tensor)
        if origin is None:
            if is_read:  # an output that nobody wants is the caller's business
                _warn(f"{where}: what it writes is lost. If it is a copy of another tensor, keep it in a variable and copy "
                      "the values to where they belong")
            continue
        message = (f"{where}: it is a copy of {origin}, which stays as it is. Keep the copy in a variable and write "
                   f"{origin}.copy_(…) from it behind the launch, or make the function an operator "
                   "(torch.library.triton_op, rblnc.torch_op), where rblnc copies back what is written to a cast")
        if is_read:
            raise ArgumentError(message)
        _warn(message)  # memory that is only written may have these values by chance: an older copy's


def _warn(message):
    warnings.warn(message, LostWriteWarning, stacklevel=_outside())


# ---------------------------------------------------------------------------------------------------------------------
# Who holds a tensor
# ---------------------------------------------------------------------------------------------------------------------


# Tensors that somebody else was once found to hold, by id, as long as they live: the search takes milliseconds.
_held_elsewhere: dict = {}


def _is_lost(objects):
    """Whether none of these, a tensor and the array that it was passed as, is read after the launch that is under way."""
    tensor = objects[-1]
    if tensor._base is not None:
        objects = [*objects, tensor._base]
    elif torch._C._storage_Use_Count(tensor.untyped_storage()._cdata) > _ALONE:
        return False  # a view, and what it is a view of cannot be found
    known = _held_elsewhere.get(id(objects[-1]))
    if known is not None and known() is objects[-1]:
        return False
    held = {id(value): value for value in objects}
    if _is_read_from(held) or not _holders(objects, held):
        return False
    return not _is_read_from(held)


def _holders(objects, held):
    """Adds the sequences that hold these to `held`. False where something else does."""
    todo = list(held.values())
    # What holds them here and while they are looked at.
    own = {id(mine) for mine in (held, todo, objects, *launches.warm_containers())} | _snapshots()
    while todo:
        for holder in gc.get_referrers(todo.pop()):
            if id(holder) in held or id(holder) in own or isinstance(holder, types.FrameType):
                continue
            if type(holder) not in (list, tuple):
                for key in [key for key, known in _held_elsewhere.items() if known() is None]:
                    del _held_elsewhere[key]
                _held_elsewhere[id(objects[-1])] = weakref.ref(objects[-1])
                return False
            held[id(holder)] = holder
            todo.append(holder)
    return True


def _is_read_from(held):
    """Whether a function that runs still reads a variable that is one of these, or a sequence with one of them in it."""
    for frame in _frames():
        for name, value in frame.f_locals.items():
            is_one = id(value) in held or type(value) in (list, tuple) and any(id(element) in held for element in value)
            if is_one and _is_read(frame.f_code, frame.f_lasti, name):
                return True
    return False


def _snapshots():
    """The dictionaries that f_locals makes of the functions that run."""
    frame, found = sys._getframe(1), set()  # a frame among its own f_locals would keep all of them alive
    while frame is not None:
        if frame.f_locals is not frame.f_globals:
            found.add(id(frame.f_locals))
        frame = frame.f_back
    return found


def _frames():
    """The functions that run, from the inside; those of this package, which hold their arguments, are not among them."""
    frame = sys._getframe(1)
    while frame is not None:
        if not _is_ours(frame):
            yield frame
        frame = frame.f_back


def _is_ours(frame):
    return (frame.f_globals.get("__name__") or "").partition(".")[0] == "rblnc"


def _outside():
    """The stacklevel of the first function outside of the package, for the caller."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and _is_ours(frame):
        frame, level = frame.f_back, level + 1
    return level


@functools.lru_cache(maxsize=1024)
def _is_read(code, place, name):
    """Whether a variable of a function may be read behind an instruction before it has another value."""
    if name in code.co_cellvars or name in code.co_freevars or name not in code.co_varnames:
        return True
    instructions = list(dis.get_instructions(code))
    at = {instruction.offset: number for number, instruction in enumerate(instructions)}
    here = max((number for offset, number in at.items() if offset <= place), default=-1)
    todo, seen = [here + 1, *_handlers(code, at)], set()
    while todo:
        number = todo.pop()
        if number in seen or number >= len(instructions):
            continue
        seen.add(number)
        instruction = instructions[number]
        operation, argument = instruction.opname, instruction.argval
        names = argument if isinstance(argument, tuple) else (argument, )
        if "_FAST" in operation and name in names:
            # One instruction may store to one variable and load another.
            if operation in _STORED or operation == "STORE_FAST_STORE_FAST" or \
                    operation == "STORE_FAST_LOAD_FAST" and name == names[0]:
                continue
            return True
        if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
            todo.append(at.get(argument, len(instructions)))
        if operation not in _ENDS and operation not in _JUMPS_ALWAYS:
            todo.append(number + 1)
    return False


def _handlers(code, at):
    """Where exceptions are handled: a handler may run behind any instruction."""
    parse = getattr(dis, "_parse_exception_table", None)
    if parse is None or not getattr(code, "co_exceptiontable", b""):
        return []
    return [at[entry.target] for entry in parse(code) if entry.target in at]


# ---------------------------------------------------------------------------------------------------------------------
# What a tensor is a copy of
# ---------------------------------------------------------------------------------------------------------------------


def _origin_of(tensor):
    """What functions that run call a tensor that this one is a copy of; None when there is none."""
    for label, other in _visible():
        if _is_copy(tensor, other):
            return label
    return None


def _visible():
    """Tensors that the functions that run can see, with what they call them: variables, and what these hold."""
    for frame in _frames():
        for name, value in list(frame.f_locals.items()):
            yield from _inside(name, value, depth=2)


def _inside(label, value, depth):
    if isinstance(value, torch.Tensor):
        yield label, value
    elif depth and isinstance(value, (list, tuple)):
        for index, element in enumerate(value[:64]):
            yield from _inside(f"{label}[{index}]", element, depth - 1)
    elif depth and isinstance(value, dict):
        for key, element in list(value.items())[:64]:
            yield from _inside(f"{label}[{key!r}]", element, depth - 1)
    elif depth and not isinstance(value, (type, types.ModuleType, types.FunctionType)):
        held = getattr(value, "__dict__", None)
        held = held if isinstance(held, dict) else {}
        buffers = held.get("_buffers")
        buffers = buffers if isinstance(buffers, dict) else {}
        for key, element in [*list(held.items())[:64], *list(buffers.items())[:64]]:
            if isinstance(key, str) and not key.startswith("_"):
                yield from _inside(f"{label}.{key}", element, depth - 1)


def _is_copy(tensor, other):
    """Whether the values are those of a cast, a copy in row-major order, a reshape or a padding of the other tensor,
    which is of another type or another geometry and has memory of its own."""
    same = tensor.dtype == other.dtype and tensor.shape == other.shape and tensor.stride() == other.stride()
    if same or not other.is_cpu or other.layout is not torch.strided or tensor.numel() == 0 or \
            other.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr():
        return False
    if other.numel() != tensor.numel():
        padded = other.dim() == tensor.dim() and other.dim() and other.shape[:-1] == tensor.shape[:-1] and \
            other.shape[-1] < tensor.shape[-1]
        if not padded:
            return False
        tensor = tensor[..., :other.shape[-1]]
    with torch.no_grad():
        cast = other.detach().to(tensor.dtype)
        cast = cast if cast.shape == tensor.shape else cast.reshape(tensor.shape)
        equal = (cast == tensor) | (cast != cast) & (tensor != tensor)
        return bool(equal.all())


__all__ = ["LostWriteWarning", "check"]
