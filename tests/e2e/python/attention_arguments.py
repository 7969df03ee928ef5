"""Arguments of the ten attention operators, from the scenarios of paged_attention.py."""
import paged_attention as model
import rblnc.attention.operators as operators
import torch
from kernels.attention import cases

# No power of two where Triton wants one, and heads that need alignment.
ODD = cases.SIZES[1]
NAMES = [f"{family.name}_naive_{step}" for family in cases.FAMILIES for step in cases.STEPS]


def operator(name):
    return getattr(torch.ops.rbln_triton_ops, name)


def first_call(name, sizes=ODD, seed=0):
    """Arguments of one call in the operator's order, with a cache that is finite everywhere, and what it returns."""
    family, _, step = name.partition("_naive_")
    session = model.Session(family, sizes, seed)
    session.cache.normal_(generator=session.random)
    if step == "prefill":
        call = session.prefill(session.new_sequence())
    else:
        length = min(sizes.window, sizes.partition) - 2
        call = session.decode([session.new_sequence(length) for _ in range(2)] + [session.idle_sequence()])
    known = {**call.arguments, "kv_cache": session.cache}
    return [known[argument] for argument in cases.family(family).arguments], call.expected


assert sorted(operators.OPERATORS) == sorted(NAMES)
