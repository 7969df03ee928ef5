"""The committed text of rblib kernels keeps kernels/rblnc/CONVENTION.md: every declaration, every call."""
import re

import pytest

from kernels.attention import cases as attention
from kernels.cases import TRITON_VERSIONS
from kernels.rblib import catalog

# Operation -> constants, number of operands, number of results. Those of an optional index only count when it is there.
OPERATIONS = {
    "to_dynamic_index": ({"max"}, (1, ), 1),
    "partition_skip": (set(), (1, ), 1),
    "dynamic_load": ({"axis"}, (1, 2), 1),
    "dynamic_store": ({"axis"}, (2, 3), 0),
    "insert": ({"axis"}, (3, ), 1),
    "window_insert": ({"axis"}, (3, ), 1),
    "window_slice": ({"axis", "size"}, (2, ), 1),
    "nn_pad": ({"axis", "low", "high", "value_bits"}, (1, ), 1),
    "softmax": ({"axis"}, (1, ), 1),
    "masked_softmax": (set(), (2, ), 1),
    "dynamic_masked_softmax": (set(), (2, ), 1),
    "window_softmax": ({"window_size"}, (2, ), 1),
    "flash_attn_tile": (set(), (2, 3), 3),
    "dynamic_flash_attn_tile": (set(), (2, 3), 3),
    "flash_attn_recompute": (set(), (6, ), 2),
}
WITHOUT_INDEX = {("dynamic_load", 1), ("dynamic_store", 2)}

DECLARATION = re.compile(r'"tt\.func"\(\) <\{function_type = (?P<type>[^"]*), sym_name = "(?P<name>rblib\.[^"]*)", '
                         r'sym_visibility = "private"\}> \(\{\s*\}\) \{noinline = true, (?P<attributes>[^}]*)\}')
CUSTOM = re.compile(r'tt\.func private @(?P<name>rblib\.[\w.]+)(?P<type>\(.*) attributes '
                    r'\{noinline = true, (?P<attributes>[^}]*)\}')
CALL = re.compile(r'callee = @(rblib\.[\w.]+)|tt\.call @(rblib\.[\w.]+)')

FILES = [probe.relative_path(version) for version in TRITON_VERSIONS for probe in catalog.probes()]
FILES = [catalog.TTIR / path for path in FILES]
FILES += [item.path for version in TRITON_VERSIONS for item in attention.texts(version)]


def split_type(text):
    """Operands and results of a function type, each a list of strings."""
    return [[kind for kind in re.split(r", (?![^<]*>)", side.strip().removeprefix("(").removesuffix(")")) if kind]
            for side in text.partition("->")[::2]]


def declarations(text):
    return [*DECLARATION.finditer(text), *CUSTOM.finditer(text)]


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.name}" for path in FILES])
def test_declarations(path):
    text = path.read_text()
    found = declarations(text)
    names = [match["name"] for match in found]
    assert len(set(names)) == len(names), "a symbol is declared twice"
    called = {match.group(1) or match.group(2) for match in CALL.finditer(text)}
    assert called == set(names), "calls and declarations differ"
    for match in found:
        operation = match["name"].split(".")[1]
        assert re.fullmatch(rf"rblib\.{operation}(\.[1-9]\d*)?", match["name"])
        constants, operands, results = OPERATIONS[operation]
        inputs, outputs = split_type(match["type"])
        assert len(inputs) in operands and len(outputs) == results, match.group(0)
        if (operation, len(inputs)) in WITHOUT_INDEX:
            constants = constants - {"axis"}
        attributes = dict(item.split(" = ") for item in match["attributes"].split(", "))
        assert attributes.pop("rblib.version") == "1 : i32"
        assert set(attributes) == {f"rblib.{constant}" for constant in constants}, match.group(0)
        assert all(re.fullmatch(r"-?\d+ : i32", value) for value in attributes.values())
        assert all(kind == "i32" or "tensor<" in kind for kind in inputs), match.group(0)


def test_every_operation_is_covered():
    """By a kernel of its own, in the text of every release."""
    for version in TRITON_VERSIONS:
        texts = [(catalog.TTIR / probe.relative_path(version)).read_text() for probe in catalog.probes()]
        used = {match["name"].split(".")[1] for text in texts for match in declarations(text)}
        assert used == set(OPERATIONS)


def test_no_file_without_a_case():
    committed = {*catalog.TTIR.rglob("*.ttir"), *attention.TTIR.rglob("*.ttir")}
    assert committed == set(FILES)
