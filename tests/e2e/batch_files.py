"""Folders of kernels for the tests of batches and caches."""
import shutil

from kernels import catalog

TTIR = catalog.TTIR / "3.6.0"
GOOD = ("vector_add.r2c32.raw", "gelu.r1c256.raw", "log_softmax.r1c64.opt")
REFUSED = """\
module {
  tt.func public @loop(%x: !tt.ptr<f32>, %n: i32) {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    scf.for %i = %c0 to %n step %c1 : i32 {
      %p = tt.addptr %x, %i : !tt.ptr<f32>, i32
      %v = tt.load %p : !tt.ptr<f32>
      tt.store %p, %v : !tt.ptr<f32>
    }
    tt.return
  }
}
"""


def good(folder, names=GOOD):
    """Kernels that compile."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(TTIR / f"{name}.ttir", folder)
    return folder


def mixed(folder):
    """Those, one that the chip refuses, one that is no text, and one below another folder."""
    good(folder)
    (folder / "loop.ttir").write_text(REFUSED)
    (folder / "garbage.ttir").write_bytes(b"\xff\x00 no kernel")
    good(folder / "below", ["gelu.r1c256.opt"])
    return folder
