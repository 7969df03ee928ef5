"""Writes the tensor files that the unit tests read. The values are 0, 1, 2, … in row-major order."""
import json
import struct
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
folder = folder if folder.is_dir() else folder.parent


def count(shape, dtype):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)


np.save(folder / "c_order.npy", count((2, 3, 4), "<f4"))
np.save(folder / "fortran.npy", np.asfortranarray(count((2, 3, 4), "<f4")))
np.save(folder / "big_endian.npy", count((5,), ">i4"))
np.save(folder / "bool.npy", np.array([True, False, True]))
np.save(folder / "half.npy", count((4,), "<f2"))
np.save(folder / "scalar.npy", np.int64(-7))
np.save(folder / "empty.npy", np.zeros((0, 3), "<f4"))
np.save(folder / "complex.npy", np.zeros(2, "<c8"))
np.save(folder / "structure.npy", np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
for version in (2, 3):
    with open(folder / f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, count((3,), "<f8"), version=(version, 0))
np.savez(folder / "stored.npz", a=count((2, 2), "<f4"), b=count((3,), "<i8"))
np.savez_compressed(folder / "deflated.npz", a=count((64, 64), "<f4"), zeros=np.zeros(1 << 16, "<f4"))

tensors = {"w": ("F32", (2, 3), count((2, 3), "<f4").tobytes()), "h": ("BF16", (2,), b"\x80\x3f\x00\xc0"),
           "m": ("BOOL", (3,), b"\x01\x00\x01"), "q": ("F8_E4M3", (4,), b"\0" * 4)}
header, data = {"__metadata__": {"format": "pt"}}, b""
for name, (dtype, shape, values) in tensors.items():
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
    data += values
text = json.dumps(header).encode()
(folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
