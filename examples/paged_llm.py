"""A language model whose attention is the paged operators, beside the same model with its own attention.

    pip install './kernels[torch]' transformers
    python examples/paged_llm.py

Builds a small decoder with random weights (Llama, or Qwen3 where a sliding window is wanted; heads of queries share those
of keys), replaces its attention by torch.ops.rbln_triton_ops and calls them as vLLM RBLN's backend does: query, key and
value as transposed views of (tokens, heads, size), prompts in chunks of one sequence, decode steps of a batch with a row
to spare, caches in the model's type whose blocks are handed out in a shuffled order. Generates tokens greedily for several
prompts, for each of the five families of operators and each type. Then the model's own eager attention goes over the same
tokens at once.

Exits with 1 unless, at every position, the logits differ by at most a tolerance, 1e-4 of the largest logit in float32 and
6e-2 in bfloat16, and the token that was chosen is the reference's, or one whose logit is as near to it as that.
"""
import argparse
import sys
import time

import torch

import rblnc.attention.operators  # registers torch.ops.rbln_triton_ops

try:
    import transformers
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS
except ImportError as error:
    sys.exit(f"this example builds its models with transformers, which cannot be imported ({error}): "
             "pip install transformers")

FAMILIES = ("attention", "causal_attention", "flash_attention", "flash_causal_attention", "sliding_window_attention")
MODELS = ("llama", "qwen3")
TOLERANCES = {"float32": 1e-4, "bfloat16": 6e-2}  # of the largest logit
CHUNK, CONTEXT, PARTITION, WINDOW = 16, 128, 64, 24
PROMPTS = (21, 7, 40)  # tokens
HEADS, GROUPS = 2, 2  # of keys and values; of queries for each


def build(model, dtype, window, layers, seed):
    """A decoder with random weights; `window`: how many tokens each attends to, or None for all."""
    sizes = dict(vocab_size=160, hidden_size=128, intermediate_size=192, num_hidden_layers=layers,
                 num_attention_heads=HEADS * GROUPS, num_key_value_heads=HEADS, max_position_embeddings=CONTEXT,
                 initializer_range=0.15, tie_word_embeddings=False, attn_implementation="eager")
    if model == "llama":
        config = transformers.LlamaConfig(head_dim=32, **sizes)
    else:
        kind = "full_attention" if window is None else "sliding_attention"
        config = transformers.Qwen3Config(head_dim=80, use_sliding_window=window is not None, sliding_window=window,
                                          max_window_layers=0, layer_types=[kind] * layers, **sizes)
    torch.manual_seed(seed)
    return transformers.AutoModelForCausalLM.from_config(config, dtype=dtype).eval()


class PagedAttention:
    """The attention of every layer, over caches of blocks, and what the operators have to know of a step."""

    def __init__(self, model, family, batch, layout, seed):
        config = model.config
        self.family, self.batch = family, batch
        self.sliding, self.masked = family.startswith("sliding"), family in ("attention", "flash_attention")
        self.rows = WINDOW if self.sliding else PARTITION if family.startswith("flash") else CONTEXT
        self.partitions = CONTEXT // PARTITION if family.startswith("flash") else 1
        count = 1 + batch * self.partitions  # block 0 belongs to nobody: rows of a batch without a sequence name it
        shape = (HEADS, 1, self.rows, config.head_dim)
        pair = (2, count) if layout == "split" else (count, 2)
        self.caches = [torch.zeros(*pair, *shape, dtype=model.dtype) for _ in range(config.num_hidden_layers)]
        order = torch.randperm(count - 1, generator=torch.Generator().manual_seed(seed)) + 1
        self.tables = order.reshape(batch, self.partitions).to(torch.int32)
        self.arguments = {}

    def begin(self, step, tables, cached, new):
        """The step's arguments but for its tensors. tables: (sequences, partitions). cached, new: of each sequence, its
        tokens in the cache, and how many of those that come are no padding."""
        self.step = step
        cached, length = torch.tensor(cached), CHUNK if step == "prefill" else 1
        starts = torch.arange(self.partitions) * self.rows
        known = {"block_table": tables[0] if step == "prefill" else tables,
                 "seq_idx": (cached[:, None] - starts).clamp(0, self.rows).to(torch.int32)}
        if self.sliding:
            known["block_table"] = tables[:, :1][0] if step == "prefill" else tables[:, :1]
            known["cache_seq_len"] = cached.clamp(max=self.rows)[:, None].to(torch.int32)
            known["cache_offset"] = known["cache_seq_len"] + torch.tensor(new)[:, None].to(torch.int32)
        if self.masked:
            columns = torch.arange(self.partitions * self.rows)
            visible = columns <= (cached[:, None] + torch.arange(length))[..., None]
            known["mask"] = visible.float()[:, None, None]
        self.arguments = known

    def __call__(self, module, query, key, value, attention_mask, scaling, **_):
        """What transformers calls: query (sequences, heads, tokens, size), key and value of the same tokens."""
        batch, _, length, size = query.shape
        scale = torch.tensor(scaling)
        known = {**self.arguments, "qk_scale": scale, "dummy": scale, "dummy0": scale,
                 "query": query.view(batch, HEADS, GROUPS, length, size), "key": key.unsqueeze(2),
                 "value": value.unsqueeze(2), "kv_cache": self.caches[module.layer_idx]}
        family = next(family for family in rblnc.attention.operators.FAMILIES if family.name == self.family)
        operator = getattr(torch.ops.rbln_triton_ops, f"{self.family}_naive_{self.step}")
        output = operator(*[known[name] for name in family.arguments])
        return output.reshape(batch, HEADS * GROUPS, length, size).transpose(1, 2), None


@torch.no_grad()
def generate(model, paged, prompts, count):
    """Greedy tokens and the logits that chose them, for every prompt: [(tokens, (count, vocabulary))]."""
    results = [([], []) for _ in prompts]

    def choose(result, logits):
        result[0].append(int(logits.argmax()))
        result[1].append(logits.float())

    for sequence, (prompt, result) in enumerate(zip(prompts, results)):
        for first in range(0, len(prompt), CHUNK):
            tokens = prompt[first:first + CHUNK]
            padded = torch.tensor([tokens + [0] * (CHUNK - len(tokens))])
            paged.begin("prefill", paged.tables[sequence:sequence + 1], [first], [len(tokens)])
            positions = first + torch.arange(CHUNK)[None]
            logits = model(padded, position_ids=positions, use_cache=False).logits[0, len(tokens) - 1]
        choose(result, logits)
    idle = paged.batch - len(prompts)
    tables = paged.tables.clone()
    tables[len(prompts):] = 0
    for done in range(1, count):
        cached = [len(prompt) + done - 1 for prompt in prompts] + [0] * idle
        tokens = [result[0][-1] for result in results] + [0] * idle
        paged.begin("decode", tables, cached, [1] * paged.batch)
        logits = model(torch.tensor(tokens)[:, None], position_ids=torch.tensor(cached)[:, None], use_cache=False).logits
        for result, row in zip(results, logits[:, 0]):
            choose(result, row)
    return [(tokens, torch.stack(logits)) for tokens, logits in results]


@torch.no_grad()
def compare(model, prompts, results, tolerance):
    """The largest difference of logits from the model's own attention as a part of the largest logit, tokens that are
    not the reference's, and whether all is within the tolerance."""
    worst, others, agrees = 0.0, 0, True
    for prompt, (tokens, logits) in zip(prompts, results):
        whole = torch.tensor([prompt + tokens[:-1]])
        expected = model(whole, use_cache=False).logits[0, len(prompt) - 1:].float()
        largest = float(expected.abs().max())
        difference = float((logits - expected).abs().max()) / largest
        chosen = expected.gather(1, torch.tensor(tokens)[:, None])[:, 0]
        missing = float((expected.max(dim=1).values - chosen).max()) / largest
        worst = max(worst, difference)
        others += int((expected.argmax(dim=1) != torch.tensor(tokens)).sum())
        agrees &= difference <= tolerance and missing <= tolerance  # false for NaN
    return worst, others, agrees


def run(family, dtype, options):
    """One line about a family of operators in one type; whether it agrees."""
    sliding = family.startswith("sliding")
    name = options.model or ("qwen3" if sliding else "llama")
    if sliding and name != "qwen3":
        sys.exit("Llama has no sliding window: use --model qwen3 for sliding_window_attention")
    start = time.perf_counter()
    model = build(name, getattr(torch, dtype), WINDOW if sliding else None, options.layers, options.seed)
    random = torch.Generator().manual_seed(options.seed)
    prompts = [torch.randint(160, (length, ), generator=random).tolist() for length in PROMPTS]
    paged = PagedAttention(model, family, len(prompts) + 1, options.cache, options.seed)
    ALL_ATTENTION_FUNCTIONS.register("rblnc_paged", paged)
    model.set_attn_implementation("rblnc_paged")
    results = generate(model, paged, prompts, options.tokens)
    model.set_attn_implementation("eager")
    worst, others, agrees = compare(model, prompts, results, TOLERANCES[dtype])
    count = sum(len(tokens) for tokens, _ in results)
    print(f"{family:25} {name:6} {dtype:9} {count} tokens of {len(prompts)} prompts, {others} other than the "
          f"reference's; logits differ by {worst:.1e} of the largest (tolerance {TOLERANCES[dtype]:.0e}): "
          f"{'right' if agrees else 'WRONG'}, {time.perf_counter() - start:.0f} s", flush=True)
    return agrees


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=MODELS, help="Llama by default, Qwen3 for the sliding window")
    parser.add_argument("--family", choices=FAMILIES, action="append", help="of operators; all by default")
    parser.add_argument("--dtype", choices=TOLERANCES, action="append", help="of the model and the caches; both by default")
    parser.add_argument("--cache", choices=rblnc.attention.operators.LAYOUTS, default="packed",
                        help="(NUM_BLOCK, 2, …) or (2, NUM_BLOCK, …)")
    parser.add_argument("--tokens", type=int, default=64, help="to generate for each prompt, 1 to 88 (default 64)")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not 1 <= options.tokens <= CONTEXT - max(PROMPTS) or options.layers < 1:
        parser.error(f"--tokens is 1 to {CONTEXT - max(PROMPTS)}, and --layers at least 1")
    agree = [run(family, dtype, options) for family in options.family or FAMILIES
             for dtype in options.dtype or TOLERANCES]
    return 0 if all(agree) else 1


if __name__ == "__main__":
    sys.exit(main())
