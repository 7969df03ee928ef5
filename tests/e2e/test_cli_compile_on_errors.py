"""Device commands that someone edited badly: a coded error, whatever was done to them."""
import random
import re
import subprocess

import pytest

from kernels import catalog

KERNELS = ["softmax.r64c128.raw.ttir", "flash_attention.h4l16s192.raw.ttir", "top1.r32c128.raw.ttir"]
NUMBERS = ["0", "-1", "1", "7", "64", "4096", "2147483647", "2147483648", "4294967296", "-4294967297",
           "288230376151711744", "9223372036854775807", "-9223372036854775808"]
TYPES = ["f32", "f16", "bf16", "i1", "i8", "i32", "i64", "f64", "index", "f8E4M3FN", "tensor<4xf32>", "si32", "i128", "none",
         "complex<f32>", "!npu.memory", "i7"]
OPERATIONS = ["arith.divsi", "arith.mului_extended", "math.sincos", "npu.join", "npu.signal", "npu.reduce", "func.call"]


@pytest.fixture(scope="module")
def texts(rblnc):
    """Device commands without their locations, so that an edit rarely hits one."""
    result = []
    for name in KERNELS:
        text = rblnc.done("compile", catalog.TTIR / "3.6.0" / name, "--emit=npu", "--split=none").stdout
        text = re.sub(r"^#loc.*\n", "", text, flags=re.M)
        text = re.sub(r" loc\([^\n]*\)$", "", text, flags=re.M)
        result.append(re.sub(r" loc\((?:[^()]|\([^()]*\))*\)", "", text))
    return result


def replaced(text, generator, pattern, choices):
    places = list(re.finditer(pattern, text))
    place = generator.choice(places)
    word = generator.choice(choices) if choices else generator.choice(places).group()
    return text[:place.start()] + word + text[place.end():]


def edited(text, generator):
    for _ in range(generator.choice([1, 1, 2, 3])):
        kind = generator.random()
        if kind < 0.45:
            text = replaced(text, generator, r"(?<![%\w.#])-?\d+(?![\w.])", NUMBERS)
        elif kind < 0.6:
            text = replaced(text, generator, r"\b(f32|f16|bf16|i32|i1|i64)\b", TYPES)
        elif kind < 0.75:
            text = replaced(text, generator, r"%\w+", None)
        elif kind < 0.85:
            text = replaced(text, generator, r"\b(arith|math|npu)\.\w+", OPERATIONS)
        else:
            lines = text.split("\n")
            first, second = generator.randrange(len(lines)), generator.randrange(len(lines))
            lines[first], lines[second] = lines[second], lines[first]
            text = "\n".join(lines)
    return text


@pytest.mark.parametrize("seed", range(8))
def test_edits_at_random(rblnc, texts, seed, tmp_path):
    generator = random.Random(seed)
    statuses = set()
    for _ in range(40):
        text = edited(generator.choice(texts), generator)
        process = subprocess.run([rblnc.binary, "compile", "-", "-o", tmp_path / "k.rbln"], input=text, text=True,
                                 capture_output=True, timeout=60, check=False)
        statuses.add(process.returncode)
        if process.returncode == 0:
            # What compiles is a bundle like any other. It is not run: an edited count may mean an hour of work.
            rblnc.done("inspect", tmp_path / "k.rbln")
        else:
            assert process.returncode == 1, f"{process.returncode}\n{process.stderr}\n{text}"
            assert re.search(r"\[RBLN-[IC]\d", process.stderr), f"{process.stderr}\n{text}"
    assert 1 in statuses
