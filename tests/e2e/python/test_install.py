"""pip installs the package into a fresh environment, and the examples run from there."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A new environment with rblnc in it. Triton and PyTorch, a GB together, are those of this one."""
    from rblnc import native
    # A copy of what pip needs of the tree: it builds in the folder that it is given.
    tree = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "kernels", tree / "kernels", ignore=shutil.ignore_patterns("build", "*.egg-info", "ttir"))
    (tree / "build" / "release" / "lib").mkdir(parents=True)
    shutil.copy(native.library_path(), tree / "build" / "release" / "lib" / "librblnc.so")
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    binary = folder / "bin" / "python"
    site = subprocess.run([binary, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True,
                          capture_output=True, text=True).stdout.strip()
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps",
                    "--no-build-isolation", "--target", site, tree / "kernels"], check=True, env=environment())
    shutil.rmtree(tree)
    outer = [path for path in sys.path if path.endswith("site-packages")]
    (Path(site) / "outer.pth").write_text("\n".join(outer) + "\n")
    return binary


def environment():
    """Nothing that leads to this tree."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "RBLNC_LIBRARY")}


def run(python, *arguments, cwd):
    return subprocess.run([python, *arguments], capture_output=True, text=True, check=False, cwd=cwd,
                          env=environment())


@pytest.mark.parametrize("example, prints", [("flash_attention_torch.py", "within 1e-05"),
                                             ("four_steps.py", "compiled: as torch.softmax")])
def test_example(python, example, prints, tmp_path):
    done = run(python, ROOT / "examples" / example, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert prints in done.stdout
    assert not list(tmp_path.iterdir()), "the example left files behind"


def test_the_package_is_the_installed_one(python, tmp_path):
    script = "import rblnc.attention.operators as o, rblnc.native as n; print(o.__file__, n.library_path(), sep='\\n')"
    done = run(python, "-c", script, cwd=tmp_path)
    paths = done.stdout.split()
    assert len(paths) == 2 and all(path.startswith(str(Path(python).parents[1])) for path in paths), done.stderr


def test_triton_finds_the_backend_by_itself(python, tmp_path):
    """Nothing imports rblnc: an ordinary file with an ordinary kernel."""
    script = tmp_path / "plain.py"
    script.write_text("import torch, triton, triton.language as tl\n\n\n@triton.jit\n"
                      "def double(x, output, N: tl.constexpr):\n"
                      "    x_ptr = tl.make_block_ptr(x, (N, 64), (64, 1), (0, 0), (N, 64), (1, 0))\n"
                      "    output_ptr = tl.make_block_ptr(output, (N, 64), (64, 1), (0, 0), (N, 64), (1, 0))\n"
                      "    tl.store(output_ptr, tl.load(x_ptr) * 2)\n\n\n"
                      "x = torch.randn(8, 64)\noutput = torch.empty_like(x)\n"
                      "compiled = double[(1,)](x, output, N=8)\nassert torch.equal(output, 2 * x)\n"
                      "print(sorted(compiled.asm))\n")
    done = run(python, script, cwd=tmp_path)
    assert done.returncode == 0 and "'rbln'" in done.stdout, done.stdout + done.stderr
