"""What the package shows of itself, and its command line."""
import pydoc
import subprocess
import sys

import rblnc
from conftest import ROOT


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "rblnc", *arguments], capture_output=True, text=True, check=False,
                          env=environment())


def environment():
    import os
    return {**os.environ, "PYTHONPATH": str(ROOT / "kernels")} if os.environ.get("RBLNC_INSTALLED") != "1" else None


def test_dir_has_what_the_package_has():
    assert set(rblnc.__all__) <= set(dir(rblnc))
    assert all(getattr(rblnc, name) is not None for name in dir(rblnc))
    assert not [name for name in dir(rblnc) if name.startswith("_") and not name.startswith("__")]


def test_help_has_it_too():
    text = pydoc.plain(pydoc.render_doc(rblnc))
    for name in ("warmup(", "launch(", "torch_op(", "ttir(", "class CompiledKernel", "class Profile"):
        assert name in text, name


def test_public_functions_are_annotated():
    for function in (rblnc.ttir, rblnc.warmup, rblnc.launch, rblnc.torch_op, rblnc.CompiledKernel.profile):
        assert "return" in function.__annotations__, function
    assert (ROOT / "kernels" / "rblnc" / "py.typed").is_file()


def test_the_command_line_is_the_programs():
    done = run("targets")
    assert done.returncode == 0 and "rbln-ca22" in done.stdout, done.stderr
    done = run("compile", "there-is-no-such.ttir")
    assert done.returncode != 0 and "there-is-no-such.ttir" in done.stderr


def test_without_a_program_it_says_so(monkeypatch, capsys, tmp_path):
    from rblnc import _program
    library = tmp_path / "lib" / "librblnc.so"
    library.parent.mkdir()
    library.write_bytes(b"")
    monkeypatch.setenv("RBLNC_LIBRARY", str(library))
    assert _program.run(["targets"]) == 2
    assert "there is no program rblnc beside" in capsys.readouterr().err
