// RBLN's specialised operations (rblib) on tensors: what a kernel's calls of @rblib.<op> become.
//
// How calls look in Triton's IR is the calling convention in kernels/rblnc/CONVENTION.md. rblib.to_dynamic_index becomes
// `rbln.to_index`, rblib.dynamic_load and rblib.dynamic_store become `rbln.load` and `rbln.store` with a clip.
#ifndef RBLNC_RBLN_RBLN_SPECIALISED_OPS_TD
#define RBLNC_RBLN_RBLN_SPECIALISED_OPS_TD

// Included by RBLN.td, after the types.

def RBLN_FloatTensor : StaticShapeTensorOf<[F16, BF16, F32]>;

/// `summary` and the formulas use: x[…, i, j] is query row i and key column j; r is a row along `axis`; off is the
/// value of the index operand. Extents may be any positive numbers.
class RBLN_SpecialisedOp<string mnemonic, list<Trait> traits = []> : RBLN_Op<mnemonic, [Pure] # traits> {
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

def RBLN_PartitionSkipOp : RBLN_SpecialisedOp<"partition_skip"> {
  let summary = "whether a partition of a paged cache lies beyond the current token";
  let description = [{
    The host passes off[p] = clamp(n - p P, 0, P) for each partition p of a sequence with n cached tokens. With
    `current` = off[p] and `previous` = off[p - 1], p > 0:

        skip = off[p] == 0 and off[p - 1] < P

    The next token belongs to the first partition that is not full. Without `previous` the rule is the naive one,
    off[p] == 0, which loses that token at n = k P. P is `size`.
  }];
  let arguments = (ins RBLN_Index:$current, Optional<RBLN_Tensor>:$previous, I64Attr:$size);
  let results = (outs StaticShapeTensorOf<[I1]>:$result);
  let assemblyFormat = "$current (`after` $previous^)? `size` $size attr-dict `:` type($current) (`,` type($previous)^)? `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Blocks of a cache
//===----------------------------------------------------------------------===//

def RBLN_InsertOp : RBLN_SpecialisedOp<"insert", [AllTypesMatch<["data", "result"]>]> {
  let summary = "replaces rows of a block";
  let description = [{
        out = data;  out[off + r - first] = updates[r]  for r < L and 0 <= off + r - first < N

    N and L are the extents of `data` and `updates` along `axis`; all other extents are equal. `first` is there when the
    block is a piece of a larger one: its rows from `first` on; L <= N otherwise.
  }];
  let arguments = (ins RBLN_Tensor:$data, RBLN_Tensor:$updates, RBLN_Index:$index, I64Attr:$axis,
                       DefaultValuedAttr<ConfinedAttr<I64Attr, [IntNonNegative]>, "0">:$first);
  let results = (outs RBLN_Tensor:$result);
  let assemblyFormat = [{
    $updates `into` $data `at` $index `axis` $axis (`first` $first^)? attr-dict
    `:` type($updates) `into` type($data) `,` type($index)
  }];
}

def RBLN_WindowInsertOp : RBLN_SpecialisedOp<"window_insert"> {
  let summary = "appends rows to the filled part of a window";
  let description = [{
        out[r] = base[r] for r < off;  new[r - off] for off <= r < off + L;  0 beyond

    `base` has W rows along `axis`, `new` has L, the result W + L; 0 <= off <= W.
  }];
  let arguments = (ins RBLN_Tensor:$base, RBLN_Tensor:$rows, RBLN_Index:$index, I64Attr:$axis);
  let results = (outs RBLN_Tensor:$result);
  let assemblyFormat = [{
    $rows `into` $base `at` $index `axis` $axis attr-dict
    `:` type($rows) `into` type($base) `,` type($index) `->` type($result)
  }];
}

def RBLN_WindowSliceOp : RBLN_SpecialisedOp<"window_slice"> {
  let summary = "the last rows before an end";
  let description = [{
        lo = max(0, end - size);  out[r] = buf[lo + r] for r < end - lo;  0 beyond

    `size` is the result's extent along `axis`; 0 <= end <= extent of `buf`.
  }];
  let arguments = (ins RBLN_Tensor:$buf, RBLN_Index:$end, I64Attr:$axis);
  let results = (outs RBLN_Tensor:$result);
  let assemblyFormat = "$buf `to` $end `axis` $axis attr-dict `:` type($buf) `,` type($end) `->` type($result)";
}

def RBLN_PadOp : RBLN_SpecialisedOp<"pad"> {
  let summary = "surrounds a block with a constant along one axis";
  let description = [{
        out[r] = x[r - low] for low <= r < low + extent(x);  value elsewhere
  }];
  let arguments = (ins RBLN_Tensor:$x, I64Attr:$low, I64Attr:$axis, TypedAttrInterface:$value);
  let results = (outs RBLN_Tensor:$result);
  let assemblyFormat = "$x `low` $low `axis` $axis `value` $value attr-dict `:` type($x) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

def RBLN_SoftmaxOp : RBLN_SpecialisedOp<"softmax", [AllTypesMatch<["x", "result"]>]> {
  let summary = "softmax along one axis";
  let description = [{
        m = max x;  e = exp(x - m), 0 where x is minus infinity;  out = e / sum e        along `axis`

    A row of minus infinities is NaN (0 / 0), here and in the masked forms.
  }];
  let arguments = (ins RBLN_FloatTensor:$x, I64Attr:$axis);
  let results = (outs RBLN_FloatTensor:$result);
  let assemblyFormat = "$x `axis` $axis attr-dict `:` type($x)";
}

def RBLN_MaskedSoftmaxOp : RBLN_SpecialisedOp<"masked_softmax", [AllTypesMatch<["x", "result"]>]> {
  let summary = "softmax of the columns that a mask selects";
  let description = [{
    As `rbln.softmax` along the last axis of x where mask > 0, and minus infinity elsewhere. What stands in x where
    the mask is not positive has no effect, NaN included. The mask has x's rank and columns; its other extents are
    those of x or 1.
  }];
  let arguments = (ins RBLN_FloatTensor:$x, RBLN_FloatTensor:$mask);
  let results = (outs RBLN_FloatTensor:$result);
  let assemblyFormat = "$x `,` $mask attr-dict `:` type($x) `,` type($mask)";
}

def RBLN_DynamicMaskedSoftmaxOp : RBLN_SpecialisedOp<"dynamic_masked_softmax", [AllTypesMatch<["x", "result"]>]> {
  let summary = "causal softmax: row i sees the columns j <= off + i";
  let arguments = (ins RBLN_FloatTensor:$x, RBLN_Index:$index);
  let results = (outs RBLN_FloatTensor:$result);
  let assemblyFormat = "$x `at` $index attr-dict `:` type($x) `,` type($index)";
}

def RBLN_WindowSoftmaxOp : RBLN_SpecialisedOp<"window_softmax", [AllTypesMatch<["x", "result"]>]> {
  let summary = "softmax over a sliding window: row i sees the columns j with 0 <= (start + i) - j < window";
  let arguments = (ins RBLN_FloatTensor:$x, RBLN_Index:$start, I64Attr:$window);
  let results = (outs RBLN_FloatTensor:$result);
  let assemblyFormat = "$x `at` $start `window` $window attr-dict `:` type($x) `,` type($start)";
}

//===----------------------------------------------------------------------===//
// Flash attention
//===----------------------------------------------------------------------===//

def RBLN_FlashAttnTileOp : RBLN_SpecialisedOp<"flash_attn_tile"> {
  let summary = "one tile of an online softmax, with a mask";
  let description = [{
        y = x where mask > 0, else minus infinity
        m = max_j y, and m_prev if it is given;  p = exp(y - m), 0 where y is minus infinity;  s = sum_j p

    m, s and m_prev have x's shape with one column, p has x's shape. p is not normalised.
  }];
  let arguments = (ins RBLN_FloatTensor:$x, RBLN_FloatTensor:$mask, Optional<RBLN_FloatTensor>:$previous);
  let results = (outs RBLN_FloatTensor:$m, RBLN_FloatTensor:$p, RBLN_FloatTensor:$s);
  let assemblyFormat = [{
    $x `,` $mask (`after` $previous^)? attr-dict `:` type($x) `,` type($mask) (`,` type($previous)^)?
    `->` type($m) `,` type($p) `,` type($s)
  }];
}

def RBLN_DynamicFlashAttnTileOp : RBLN_SpecialisedOp<"dynamic_flash_attn_tile"> {
  let summary = "one tile of an online softmax, causal: row i sees the columns j <= off + i";
  let description = [{ As `rbln.flash_attn_tile`. }];
  let arguments = (ins RBLN_FloatTensor:$x, RBLN_Index:$index, Optional<RBLN_FloatTensor>:$previous);
  let results = (outs RBLN_FloatTensor:$m, RBLN_FloatTensor:$p, RBLN_FloatTensor:$s);
  let assemblyFormat = [{
    $x `at` $index (`after` $previous^)? attr-dict `:` type($x) `,` type($index) (`,` type($previous)^)?
    `->` type($m) `,` type($p) `,` type($s)
  }];
}

def RBLN_FlashAttnRecomputeOp : RBLN_SpecialisedOp<"flash_attn_recompute",
    [AllTypesMatch<["m_prev", "m", "s_prev", "s_cur", "s"]>, AllTypesMatch<["o_prev", "o_cur", "o"]>]> {
  let summary = "joins the tiles of an online softmax";
  let description = [{
        a = exp(m_prev - m), 0 where m_prev is minus infinity;  s = a s_prev + s_cur;  o = a o_prev + o_cur

    m_prev, m, s_prev and s_cur have one column; o_prev and o_cur have their shape except for the columns.
  }];
  let arguments = (ins RBLN_FloatTensor:$m_prev, RBLN_FloatTensor:$m, RBLN_FloatTensor:$s_prev, RBLN_FloatTensor:$s_cur,
                       RBLN_FloatTensor:$o_prev, RBLN_FloatTensor:$o_cur);
  let results = (outs RBLN_FloatTensor:$s, RBLN_FloatTensor:$o);
  let assemblyFormat = [{
    $m_prev `,` $m `,` $s_prev `,` $s_cur `,` $o_prev `,` $o_cur attr-dict `:` type($m) `,` type($o)
  }];
}

#endif
