"""A kernel for tests of the command line: o = x, for every dtype, in Triton's IR."""
import itertools


def copy_ttir(dtype, count=64):
    return f"""module {{
  tt.func public @copy(%x: !tt.ptr<{dtype}> loc("x"), %o: !tt.ptr<{dtype}> loc("o")) {{
    %size = arith.constant {count} : i64
    %step = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %px = tt.make_tensor_ptr %x, [%size], [%step], [%zero] {{order = array<i32: 0>}} : <tensor<{count}x{dtype}>>
    %po = tt.make_tensor_ptr %o, [%size], [%step], [%zero] {{order = array<i32: 0>}} : <tensor<{count}x{dtype}>>
    %v = tt.load %px : !tt.ptr<tensor<{count}x{dtype}>>
    tt.store %po, %v : !tt.ptr<tensor<{count}x{dtype}>>
    tt.return
  }}
}}
"""


ROWS_TTIR = """module {
  tt.func public @scale(%x: !tt.ptr<f32> loc("x"), %o: !tt.ptr<f32> loc("o"), %rows: i32 loc("rows")) {
    %rows64 = arith.extsi %rows : i32 to i64
    %columns = arith.constant 64 : i64
    %step = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %px = tt.make_tensor_ptr %x, [%rows64, %columns], [%columns, %step], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<32x64xf32>>
    %po = tt.make_tensor_ptr %o, [%rows64, %columns], [%columns, %step], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<32x64xf32>>
    %v = tt.load %px : !tt.ptr<tensor<32x64xf32>>
    tt.store %po, %v : !tt.ptr<tensor<32x64xf32>>
    tt.return
  }
}
"""


class Workplace:
    """A folder with k.ttir and k.rbln (of float32), and the compiler run in it."""

    def __init__(self, rblnc, folder):
        self.rblnc, self.folder = rblnc, folder
        (folder / "k.ttir").write_text(copy_ttir("f32"))
        self.bundles = itertools.count()
        self.done("compile", "k.ttir", "-o", "k.rbln")

    def __call__(self, *arguments, **options):
        return self.rblnc.run(*arguments, cwd=self.folder, **options)

    def done(self, *arguments, **options):
        process = self(*arguments, **options)
        assert process.returncode == 0, f"{arguments}\n{process.stderr}"
        return process

    def bundle(self, dtype):
        """The copy of another dtype."""
        name = f"{dtype}-{next(self.bundles)}"
        (self.folder / f"{name}.ttir").write_text(copy_ttir(dtype))
        self.done("compile", f"{name}.ttir", "-o", f"{name}.rbln")
        return f"{name}.rbln"
