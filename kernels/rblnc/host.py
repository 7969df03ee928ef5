"""Helpers that run on the host, for PyTorch tensors and NumPy arrays alike."""
import numpy as np

ALIGNMENT = 64


def align_tensor_last_dim_to_64(tensor):
    """The tensor with zeros appended to its last dimension up to a multiple of 64; itself when it already is one."""
    missing = -tensor.shape[-1] % ALIGNMENT
    if missing == 0:
        return tensor
    if isinstance(tensor, np.ndarray):
        return np.pad(tensor, [(0, 0)] * (tensor.ndim - 1) + [(0, missing)])
    import torch
    return torch.nn.functional.pad(tensor, (0, missing))
