"""Every formula that a diagnostic or `rblnc explain` proposes is compiled and run beside what it stands for, over edge values.

The texts are read from the sources. One that holds a formula and has no entry here fails: either FORMULAS says what it
stands for, or PROGRAMS says why it is the shape of a program and no formula.
"""
import importlib.util
import re
from pathlib import Path

import pytest
import torch

import rblnc

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("check", "lower", "plan", "frontend", "driver")
CODES = ROOT / "include/rblnc/support/codes"
# A call of triton.language, or an operator between names.
FORMULA = re.compile(r"tl\.\w+\(|\b[a-z]\w* [-*/+] [\w(]")
STRING = r'"((?:[^"\\\n]|\\.)*)"'
STRINGS = rf"(?:{STRING}\s*)+"

# The text that a message holds -> (what it stands for, the formula), both as the body of a kernel over the blocks v and w,
# of which low and high are the least and the greatest; r is the result.
MESSAGES = {
    "write x / y": ("r = tl.div_rn(v, w)", "r = v / w"),
    "write tl.sqrt(x)": ("r = tl.sqrt_rn(v)", "r = tl.sqrt(v)"),
    "write tl.minimum(tl.maximum(x, low), high) with the bounds loaded as blocks":
    ("r = tl.clamp(v, low, high)", "r = tl.minimum(tl.maximum(v, low), high)"),
    "write -tl.max(-x, axis=": ("r = tl.broadcast_to(tl.min(v, axis=1, keep_dims=True), (R, C))",
                                "r = tl.broadcast_to(-tl.max(-v, axis=1, keep_dims=True), (R, C))"),
    # -0.0 has the bits of the least integer.
    "write ~tl.max(~x, axis=":
    ("i = v.to(tl.int32, bitcast=True)\nm = tl.min(i, axis=1, keep_dims=True)\n"
     "r = tl.broadcast_to((m >> 12).to(tl.float32), (R, C))",
     "i = v.to(tl.int32, bitcast=True)\nm = ~tl.max(~i, axis=1, keep_dims=True)\n"
     "r = tl.broadcast_to((m >> 12).to(tl.float32), (R, C))"),
    "write tl.sum((v == bin).to(tl.int32), axis, keep_dims=True) for each bin of a tl.static_range":
    ("r = tl.broadcast_to(tl.sum(tl.where(v == 1.0, 1, 0), 1, keep_dims=True), (R, C)).to(tl.float32)",
     "r = tl.broadcast_to(tl.sum((v == 1.0).to(tl.int32), 1, keep_dims=True), (R, C)).to(tl.float32)"),
    "compute both values and choose with tl.where(condition, a, b); or make the condition a tl.constexpr":
    ("r = v", "r = tl.where(v * 0.0 != 1.0, v, w)"),
    "compute the value in both cases, choose with tl.where(condition, a, b) and return once, at the end; or make the "
    "condition a tl.constexpr": ("r = w", "r = tl.where(v * 0.0 == 1.0, v, w)"),
}
# The same for the mended source that `rblnc explain` shows, by the code.
EXPLAINED = {
    "C002": ("s = tl.sum(v, axis=1)\ns = tl.expand_dims(s, 1)\nr = v * (1.0 / s)",
             "s = tl.sum(v, axis=1, keep_dims=True)\nr = 1.0 / s\nr = v * r"),
    "I008": ("n = 3\nr = v if n > 0 else v * 2", "n = 3\nr = tl.where(n > 0, v, v * 2)"),
    "W008": ("m = tl.min(v, axis=1, keep_dims=True)\nr = tl.broadcast_to(m, (R, C))",
             "m = -tl.max(-v, axis=1, keep_dims=True)\nr = tl.broadcast_to(m, (R, C))"),
    "W011": ("s = tl.sum(v, axis=0, keep_dims=True)\nr = tl.broadcast_to(s, (R, C))",
             "t = tl.permute(v, (1, 0))\ns = tl.permute(tl.sum(t, axis=1, keep_dims=True), (1, 0))\n"
             "r = tl.broadcast_to(s, (R, C))"),
    "W012": ("m = tl.max(v, axis=1, keep_dims=True)\nr = tl.broadcast_to(m, (R, C))",
             "m = tl.max(v, axis=1, keep_dims=True)\nr = tl.maximum(tl.broadcast_to(m, (R, C)), v)"),
    "W021": ("r = tl.div_rn(v, tl.sqrt_rn(w))", "r = v / tl.sqrt(w)"),
    "W022": ("r = tl.clamp(v, low, high)", "r = tl.minimum(tl.maximum(v, low), high)"),
    "W026": ("b = v.to(tl.int32, bitcast=True)\nr = (b & 0x7FFFFFFF).to(tl.float32, bitcast=True)", "r = tl.abs(v)"),
}
# The shape of a program: loops, pointers, and what the wrapper does. Nothing here computes a function in another way.
PROGRAMS = {
    "C001", "C003", "C004", "C005", "C006", "C008", "C009", "C012", "C013", "I007", "P001", "P003", "R034", "R036", "R038", "W001", "W002",
    "W003", "W004", "W005", "W006", "W007", "W009", "W010", "W013", "W014", "W015", "W016", "W017", "W018", "W020", "W023",
    "W024", "W027", "W028", "W029", "W030", "W031", "W033", "I020", "I022", "I024",
    # The meaning without NaN, which its rule says.
    "W025",
    "tl.arange(", "tl.program_id(", "tl.num_programs(",
    "launch with grid=(1,) and go through all blocks in the kernel, with for i in tl.static_range(BLOCKS)",
    "write two stores to neighbouring blocks: tl.store(op, a), then tl.store(tl.advance(op, (N,)), b)",
    "write tl.static_range(...) in the place of range(...) or tl.range(...); it is unrolled while the kernel is traced",
    "make the bounds tl.constexpr parameters and write tl.static_range(...)",
    "make the number of turns a tl.constexpr parameter and write for i in tl.static_range(TURNS)",
    "use base + i * STRIDE with a constant stride for each axis, or tl.make_block_ptr",
    "use a block pointer: tl.make_block_ptr(base, shape, strides, offsets, block_shape, order)",
}

pytestmark = pytest.mark.filterwarnings("ignore")

KERNEL = '''
from rblnc import triton
from rblnc.triton import language as tl


@triton.jit
def kernel(x, y, o, R: tl.constexpr, C: tl.constexpr):
    v = tl.load(tl.make_block_ptr(x, (R, C), (C, 1), (0, 0), (R, C), (1, 0)))
    w = tl.load(tl.make_block_ptr(y, (R, C), (C, 1), (0, 0), (R, C), (1, 0)))
    low = tl.minimum(v * 0.0 - 1.0, w)
    high = tl.maximum(low + 2.0, w)
    {body}
    tl.store(tl.make_block_ptr(o, (R, C), (C, 1), (0, 0), (R, C), (1, 0)), r)
'''
INF, NAN = float("inf"), float("nan")
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, INF, -INF, NAN, 1e-45, 1e-38, 3.4e38, -3.4e38, 1e-7, 88.8, -104.0, 1e20,
         1e-20]
R, C = 32, 64


def literals(text):
    """The string constants of a source, those that stand side by side joined."""
    text = re.sub(r"^\s*(//|#include).*$", "", text, flags=re.MULTILINE)
    for match in re.finditer(STRINGS, text):
        yield "".join(re.findall(STRING, match[0])).replace('\\"', '"').replace("\\n", "\n")


def messages():
    """What the rooms of the compiler say that holds a formula."""
    for room in ROOMS:
        for path in sorted((ROOT / "src" / room).rglob("*")):
            if path.suffix in (".cpp", ".def", ".h"):
                yield from (text for text in literals(path.read_text()) if FORMULA.search(text))


def explanations():
    """Code -> the mended source of `rblnc explain`."""
    result = {}
    for path in sorted(CODES.glob("*.def")):
        for entry in re.split(r"^RBLNC_CODE\(", path.read_text(), flags=re.MULTILINE)[1:]:
            code, _, rest = entry.strip().partition(",")
            columns = ["".join(re.findall(STRING, column[0])).replace("\\n", "\n")
                       for column in re.finditer(STRINGS + r"(?:,|\))", rest)]
            assert len(columns) == 6, code
            result[code.strip()] = columns[5]
    return result


def run(body, folder, name):
    path = folder / f"{name}.py"
    path.write_text(KERNEL.format(body=body.replace("\n", "\n    ")))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    generator = torch.Generator().manual_seed(7)
    pairs = torch.cartesian_prod(torch.tensor(EDGES), torch.tensor(EDGES))
    x, y = torch.randn(2, R * C, generator=generator)
    # Rows of edge values, rows of usual ones, and in between rows in which one element is an edge.
    x[:len(pairs)], y[:len(pairs)] = pairs[:, 0], pairs[:, 1]
    x[len(pairs) + 7::C + 1] = torch.tensor(EDGES).repeat(2)[:len(x[len(pairs) + 7::C + 1])]
    output = torch.zeros(R, C)
    rblnc.launch(module.kernel, x.reshape(R, C), y.reshape(R, C), output, R=R, C=C)
    return output


def same(stated, formula, folder, name):
    left, right = run(stated, folder, f"{name}_stated"), run(formula, folder, f"{name}_formula")
    differs = ~((left == right) | (left.isnan() & right.isnan()))
    assert not differs.any(), f"{int(differs.sum())} values, first {left[differs][0]} and {right[differs][0]}"


def test_every_message_with_a_formula_has_an_entry():
    texts = set(messages())
    assert texts, "no text was found"
    assert texts <= MESSAGES.keys() | PROGRAMS, texts - MESSAGES.keys() - PROGRAMS
    assert MESSAGES.keys() <= texts, "an entry for a text that is gone"


def test_every_explanation_with_a_formula_has_an_entry():
    found = explanations()
    formulas = {code for code, right in found.items() if FORMULA.search(right)}
    assert formulas <= EXPLAINED.keys() | PROGRAMS, formulas - EXPLAINED.keys() - PROGRAMS
    assert EXPLAINED.keys() <= found.keys()


@pytest.mark.parametrize("text", MESSAGES, ids=[f"message{i}" for i in range(len(MESSAGES))])
def test_message(text, tmp_path):
    same(*MESSAGES[text], tmp_path, "message")


@pytest.mark.parametrize("code", EXPLAINED)
def test_explanation(code, tmp_path):
    same(*EXPLAINED[code], tmp_path, code.lower())
