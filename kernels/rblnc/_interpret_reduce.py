"""Reductions and scans of Triton's interpreter in the device's order, so that sums have the same bits.

A function that combines elements is asked once with the first two: when it is a single operation that the device reduces
by, the row goes through 16 lanes, else neighbours are joined as a tree (bundle.fbs, Reduction). Whole arrays are combined
at a time, but by a function that asks Python whether an element is true, as `and` does.
"""
import functools

import numpy as np

from rblnc import _arithmetic
from rblnc._interpret_builder import recorded, values, wrapped
from rblnc._release import language
from triton.runtime import interpreter
from triton.runtime.interpreter import TensorHandle


def _tensor(data, dtype):
    data = np.asarray(data)
    if data.ndim == 0:
        return language.tensor(wrapped(data.reshape(1), dtype), dtype)
    return language.tensor(wrapped(np.ascontiguousarray(data), dtype), language.block_type(dtype, list(data.shape)))


class _AsksOfMany(Exception):
    """A function wants the truth of an array."""


def _takes(is_max, breaks_ties):

    def function(value, index, other_value, other_index):
        takes = value > other_value if is_max else value < other_value
        if breaks_ties:
            takes = takes | ((value == other_value) & (index < other_index))
        where = language.core.where
        return where(takes, value, other_value), where(takes, index, other_index)

    return function


# Triton's own, written with `and`: here for whole arrays.
_WHOLE = {getattr(language.standard, f"_arg{which}_combine_tie_break_{ties}", None): _takes(which == "max", ties == "left")
          for which in ("max", "min") for ties in ("left", "fast")}


class _Combiner:
    """A function of Triton on NumPy arrays of several operands."""

    def __init__(self, function, dtypes):
        self.function = _WHOLE.get(function) or getattr(function, "fn", function)
        self.dtypes = dtypes
        self.kinds = [values(TensorHandle(np.zeros(1, interpreter._get_np_dtype(dtype)), dtype))[1] for dtype in dtypes]

    def tensors(self, arrays):
        return [_tensor(array, dtype) for array, dtype in zip(arrays, self.dtypes)]

    def called(self, left, right):
        with _patched_core():
            results = self.function(*left, *right)
        return list(results) if isinstance(results, (tuple, getattr(language, "tuple", tuple))) else [results]

    def __call__(self, left, right):
        """Lists of arrays of one shape to such a list."""
        try:
            return self._whole(left, right)
        except _AsksOfMany:
            shape = left[0].shape
            places = [self._whole([a[place] for a in left], [a[place] for a in right]) for place in np.ndindex(shape)]
            return [np.array(column, array.dtype).reshape(shape) for column, array in zip(zip(*places), left)]

    def _whole(self, left, right):
        results = self.called(self.tensors(left), self.tensors(right))
        shape = np.shape(left[0])
        arrays = []
        for result, kind in zip(results, self.kinds):
            if not isinstance(result, language.tensor):
                arrays.append(np.full(shape, result, _arithmetic.NUMPY[kind]))
                continue
            arrays.append(np.broadcast_to(values(result.handle)[0].reshape(np.shape(result.handle.data)), shape or (1, ))
                          .reshape(shape))
        return arrays

    def simple_operation(self, arrays):
        """The one operation that the function is, when the device reduces by it."""
        if len(arrays) != 1:
            return None
        sample = [array.reshape(-1)[:1] for array in arrays]
        left, right = self.tensors(sample), self.tensors(sample)
        token = recorded.set([])
        try:
            results = self.called(left, right)
            record = recorded.get()
        finally:
            recorded.reset(token)
        if len(record) != 1 or not isinstance(results[0], language.tensor):
            return None
        operation, operands, result = record[0]
        places = {id(left[0].handle), id(right[0].handle)}
        isPlain = len(operands) == 2 and {id(operand) for operand in operands} == places and result is results[0].handle
        return operation if isPlain and operation in _arithmetic.SIMPLE else None


def _truth(tensor):
    if tensor.handle.data.size != 1:
        raise _AsksOfMany
    return bool(tensor.handle.data.item())


class _patched_core:
    """Functions of Triton's own library call the builtins by the module that defines them."""

    def __enter__(self):
        self.truth = language.tensor.__bool__
        language.tensor.__bool__ = _truth
        self.scope = interpreter._LangPatchScope() if hasattr(interpreter, "_LangPatchScope") else None
        if self.scope is not None:
            interpreter._patch_builtin(language.core, interpreter.interpreter_builder, self.scope)

    def __exit__(self, *_):
        if self.scope is not None:
            self.scope.restore()
        language.tensor.__bool__ = self.truth


def _combine(combiner, arrays):
    """Over the last axis."""
    if arrays[0].shape[-1] == 1:
        return [array[..., 0] for array in arrays]
    operation = combiner.simple_operation(arrays)
    if operation is not None:
        return [_arithmetic.reduce(operation, arrays[0], combiner.kinds[0])]
    return _arithmetic.reduce_tree(combiner, arrays)


def _reduced(reduction, tensors):
    axis, rank = reduction.axis, len(tensors[0].shape)
    arrays = [values(tensor.handle)[0] for tensor in tensors]
    dtypes = [tensor.dtype for tensor in tensors]
    combiner = _Combiner(reduction.combine_fn, dtypes)
    if axis is None:
        rows = [array.reshape(-1) for array in arrays]
    else:
        rows = [np.moveaxis(array, axis, -1) for array in arrays]
    results = _combine(combiner, rows)
    if reduction.keep_dims:
        results = [np.reshape(result, (1, ) * rank) if axis is None else np.expand_dims(result, axis)
                   for result in results]
    return [_tensor(result, dtype) for result, dtype in zip(results, dtypes)]


def _scanned(scan, tensors):
    arrays = [np.moveaxis(values(tensor.handle)[0], scan.axis, 0) for tensor in tensors]
    dtypes = [tensor.dtype for tensor in tensors]
    combiner = _Combiner(scan.combine_fn, dtypes)
    rows = [array[::-1] if scan.reverse else array for array in arrays]
    done = [[row[0]] for row in rows]
    for i in range(1, rows[0].shape[0]):
        joined = combiner([column[-1] for column in done], [row[i] for row in rows])
        for column, value in zip(done, joined):
            column.append(value)
    results = [np.stack(column) for column in done]
    results = [result[::-1] if scan.reverse else result for result in results]
    return [_tensor(np.moveaxis(result, 0, scan.axis), dtype) for result, dtype in zip(results, dtypes)]


def _has_device_types(tensors):
    from rblnc._interpret_builder import kind_of
    return all(kind_of(tensor.handle) for tensor in tensors)


def install(active):
    for kind, function in ((interpreter.ReduceOps, _reduced), (interpreter.ScanOps, _scanned)):
        kind.apply_impl = _replaced(kind.apply_impl, function, active)


def _replaced(original, function, active):

    @functools.wraps(original)
    def apply_impl(self, input):
        if active() and _has_device_types(input):
            return function(self, input)
        return original(self, input)

    return apply_impl


__all__ = ["install"]
