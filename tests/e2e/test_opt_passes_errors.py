"""`opt --passes` with what it cannot do."""
from kernels import catalog

KERNEL = catalog.TTIR / "3.6.0" / "softmax.r64c128.raw.ttir"


def test_a_pass_that_there_is_not(rblnc):
    process = rblnc("opt", KERNEL, "--passes=lower,stager-loads")
    assert process.returncode == 2 and process.stdout == ""
    assert "there is no pass 'stager-loads'" in process.stderr and "did you mean 'stagger-loads'?" in process.stderr


def test_two_targets(rblnc):
    process = rblnc("opt", KERNEL, "--passes=split", "--target=rbln-ca22,rbln-ca25")
    assert process.returncode == 2 and "one target" in process.stderr


def test_ir_of_another_level(rblnc):
    for passes, takes in (("split", "RBLN IR"), ("simplify,lower,allocate", "device commands"),
                          ("simplify,lower,verify-kernel,canonicalize,split,choose-commands,split", "RBLN IR")):
        process = rblnc("opt", KERNEL, f"--passes={passes}")
        assert process.returncode == 1 and process.stdout == ""
        assert "[RBLN-I054]" in process.stderr and f"takes {takes}" in process.stderr and "softmax.py" in process.stderr


def test_lower_needs_triton(rblnc, tmp_path):
    lowered = tmp_path / "k.mlir"
    rblnc.done("opt", KERNEL, "--passes=simplify,lower", "-o", lowered)
    for step in ("lower", "check", "simplify"):
        process = rblnc("opt", lowered, f"--passes={step}")
        assert process.returncode == 1 and "[RBLN-I054]" in process.stderr, (step, process.stderr)
