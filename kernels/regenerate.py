#!/usr/bin/env python3
"""Prints every kernel of this folder as TTIR, as the installed Triton release sees it.

    python kernels/regenerate.py                 rewrites <version> in kernels/ttir, attention/ttir and rblib/ttir
    python kernels/regenerate.py --check         compares with it; exit code 1 and a list when something differs
    python kernels/regenerate.py --out DIR       writes DIR/<version>, DIR/attention/<version>, DIR/rblib/<version>

No GPU is needed: the front end and the target-independent passes run on the host.
"""
import argparse
import importlib
import os
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "kernels")]
# The text must not depend on how the caller's Triton is set up.
for variable in ("TRITON_INTERPRET", "TRITON_DISABLE_LINE_INFO", "TRITON_DEBUG"):
    os.environ.pop(variable, None)

import triton  # noqa: E402
from triton._C.libtriton import ir  # noqa: E402
from triton.backends.compiler import GPUTarget  # noqa: E402
from triton.compiler.compiler import ASTSource, make_backend  # noqa: E402

import rblnc  # noqa: E402
from kernels import catalog  # noqa: E402
from kernels.attention import cases as attention  # noqa: E402
from kernels.cases import TRITON_TYPES, TRITON_VERSIONS, Array  # noqa: E402
from kernels.rblib import catalog as rblib  # noqa: E402

# Release 3.2 calls the last tl.advance of an unrolled loop a mistake.
warnings.filterwarnings("ignore", message=".*result of tl.advance is not being used")

CAPABILITY = 80
# What the passes and the checks of a launcher assume of every tensor argument.
POINTER_ALIGNMENT = 16


def release():
    return tuple(int(part) for part in triton.__version__.split(".")[:2])


def signature(case):
    types = {}
    for argument in case.arguments:
        star = "*" if isinstance(argument, Array) else ""
        types[argument.name] = star + TRITON_TYPES[argument.dtype]
    return types


def ast_source(function, case):
    """The kernel with its arguments' types and constants; the interface changed with release 3.3."""
    types = signature(case)
    positions = [function.arg_names.index(a.name) for a in case.arrays]
    if release() >= (3, 3):
        types = {name: types.get(name, "constexpr") for name in function.arg_names}
        attributes = {(position,): [["tt.divisibility", POINTER_ALIGNMENT]] for position in positions}
        return ASTSource(function, types, constexprs=dict(case.constexprs), attrs=attributes)
    from triton.backends.compiler import AttrsDescriptor
    attributes = AttrsDescriptor.from_dict(
        {"cls": "AttrsDescriptor", "arg_properties": {"tt.divisibility": positions}})
    return ASTSource(function, types, constants=dict(case.constexprs), attrs=attributes)


def any_dot_size(lhs, rhs):
    """Smallest M, N, K of a product. The GPU's limit is not ours: a decode step multiplies single rows."""
    return (1, 1, 1)


def print_forms(function, case):
    """The kernel as text before and after the target-independent passes: {"raw": ..., "opt": ...}."""
    target = GPUTarget("cuda", CAPABILITY, 32)
    backend = make_backend(target)
    options = {"num_warps": 4}
    # Checks for integer overflow would fill the raw form with dead arithmetic.
    options["sanitize_overflow"] = False
    options = backend.parse_options(options)
    context = ir.context()
    ir.load_dialects(context)
    backend.load_dialects(context)
    modules = backend.get_module_map()
    source = ast_source(function, case)
    if release() >= (3, 5):
        codegen = dict(backend.get_codegen_implementation(options), min_dot_size=any_dot_size)
        module = source.make_ir(target, options, codegen, modules, context)
    elif release() >= (3, 3):
        codegen = dict(backend.get_codegen_implementation(options), min_dot_size=any_dot_size)
        module = source.make_ir(options, codegen, modules, context)
    else:
        codegen = dict(backend.get_codegen_implementation(), min_dot_size=any_dot_size)
        module = source.make_ir(options, codegen, modules, context)
    texts = {"raw": str(module)}
    if release() >= (3, 4):
        module = backend.make_ttir(module, {}, options, CAPABILITY)
    else:
        module = backend.make_ttir(module, {}, options)
    texts["opt"] = str(module)
    return texts


def without_host_paths(text):
    """Locations name files relative to the repository, and Triton's own as triton/..."""
    library = str(Path(triton.__file__).resolve().parent)
    text = text.replace(f'"{ROOT}{os.sep}', '"').replace(f'"{library}{os.sep}', '"triton/')
    if f'"{os.sep}' in text:
        raise RuntimeError("an absolute path is left in the text")
    return text


def generate(version):
    """Relative path -> text, for every case that this release takes."""
    texts = {}
    for folder in ("basic", "wrong"):
        forms = {}
        for item in catalog.specialisations(folder, (version,)):
            key = (item.kernel, item.case.name)
            if key not in forms:
                function = getattr(catalog.load(folder, item.kernel), item.kernel)
                try:
                    forms[key] = print_forms(function, item.case)
                except Exception as error:
                    raise RuntimeError(f"{item.kernel}, case {item.case.name}: {error}") from error
            texts[item.relative_path] = without_host_paths(forms[key][item.form])
    return texts


def generate_attention(version):
    """Relative path -> text of the attention kernels, as the rblnc package traces them."""
    texts = {}
    for item in attention.texts(version):
        family = attention.family(item.family)
        kernel = getattr(importlib.import_module(f"kernels.attention.{item.family}"), family.kernel_name(item.step))
        arguments = {name: rblnc.TensorSpec(shape, dtype)
                     for name, (shape, dtype) in attention.shapes(item.family, item.step, item.sizes).items()}
        text = rblnc.ttir(kernel, **arguments, **attention.constexprs(item.family, item.step, item.sizes))
        texts[item.relative_path] = without_host_paths(text)
    return texts


def generate_probes(version):
    """Relative path -> text of the kernels of single operations, as the rblnc package traces them."""
    texts = {}
    for probe in rblib.probes():
        arguments = [rblnc.TensorSpec(a.shape, a.dtype) if isinstance(a, Array) else a.value for a in probe.arguments]
        texts[probe.relative_path(version)] = without_host_paths(rblnc.ttir(probe.load(), *arguments, **probe.constexprs))
    return texts


def committed(folder):
    return {path.relative_to(folder): path.read_text() for path in folder.rglob("*.ttir")}


def check(texts, old):
    """One line per difference."""
    lines = [f"missing: {path}" for path in sorted(texts.keys() - old.keys())]
    lines += [f"no longer printed: {path}" for path in sorted(old.keys() - texts.keys())]
    lines += [f"differs: {path}" for path in sorted(texts.keys() & old.keys()) if texts[path] != old[path]]
    return lines


def write(texts, old, folder):
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for path in old.keys() - texts.keys():
        (folder / path).unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--out", type=Path, help="folder to write into, or to compare with")
    arguments = parser.parse_args()
    version = triton.__version__
    if version not in TRITON_VERSIONS:
        parser.error(f"Triton {version} is installed; the committed text is that of {', '.join(TRITON_VERSIONS)}")

    out = arguments.out
    collections = [(out or catalog.TTIR, generate(version)),
                   (out / "attention" if out else attention.TTIR, generate_attention(version)),
                   (out / "rblib" if out else rblib.TTIR, generate_probes(version))]
    differences = []
    for folder, texts in collections:
        old = {Path(version) / path: text for path, text in committed(folder / version).items()}
        if arguments.check:
            differences += check(texts, old)
        else:
            write(texts, old, folder)
    count = sum(len(texts) for _, texts in collections)
    if arguments.check:
        for line in differences:
            print(line)
        print(f"{count} files of Triton {version}, {len(differences)} differences")
        return 1 if differences else 0
    print(f"{count} files of Triton {version} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
