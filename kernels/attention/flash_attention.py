"""Attention over a paged cache, partition by partition, with an explicit mask.

The cache of a sequence is NP = C / P blocks of P rows, its partitions, named by block_table. Every partition that
holds or gets tokens is one tile of an online softmax; the ones beyond the current token are skipped. With n tokens in
the cache and L new ones, which must fit into one partition:

    block_table[(n + t) // P], row (n + t) % P of the cache = key[t], value[t]   for t in 0..L-1
    output[h, g] = softmax(query[h, g] keys[h]^T qk_scale, where mask > 0) values[h]

query, output: (NB, H, G, L, D); key, value: (NB, H, 1, L, D); kv_cache: (2, B, H, 1, P, D), keys then values;
mask: (NB, 1, 1, L, C) of 0 and 1;
seq_idx: (NB, NP) int32, clamp(n - p P, 0, P) for partition p; block_table: int32, (NP,) or (NB, NP); qk_scale: scalar;
block_size: not used, it keeps the interface. float32 throughout.
"""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def _flash_attention(query, key, value, kv_cache, mask, output, qk_scale, seq_idx, block_table, H: tl.constexpr,
                     G: tl.constexpr, D: tl.constexpr, L: tl.constexpr, NB: tl.constexpr, P: tl.constexpr,
                     C: tl.constexpr, B: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr):
    tl.static_assert(C % P == 0)
    NP: tl.constexpr = C // P
    ROWS: tl.constexpr = 4
    for b in tl.static_range(0, NB):
        query_ptr = tl.make_block_ptr(base=query, shape=(NB, H, G, L, D),
                                      strides=(H * G * L * D, G * L * D, L * D, D, 1), offsets=(b, 0, 0, 0, 0),
                                      block_shape=(1, H, G, L, D), order=(4, 3, 2, 1, 0))
        output_ptr = tl.make_block_ptr(base=output, shape=(NB, H, G, L, D),
                                       strides=(H * G * L * D, G * L * D, L * D, D, 1), offsets=(b, 0, 0, 0, 0),
                                       block_shape=(1, H, G, L, D), order=(4, 3, 2, 1, 0))
        key_ptr = tl.make_block_ptr(base=key, shape=(NB, H, 1, L, D), strides=(H * L * D, L * D, L * D, D, 1),
                                    offsets=(b, 0, 0, 0, 0), block_shape=(1, H, 1, L, D), order=(4, 3, 2, 1, 0))
        value_ptr = tl.make_block_ptr(base=value, shape=(NB, H, 1, L, D), strides=(H * L * D, L * D, L * D, D, 1),
                                      offsets=(b, 0, 0, 0, 0), block_shape=(1, H, 1, L, D), order=(4, 3, 2, 1, 0))
        mask_ptr = tl.make_block_ptr(base=mask, shape=(NB, 1, 1, L, C), strides=(L * C, L * C, L * C, C, 1),
                                     offsets=(b, 0, 0, 0, 0), block_shape=(1, 1, 1, L, P), order=(4, 3, 2, 1, 0))
        queries = tl.load(query_ptr)
        new_keys = tl.reshape(tl.load(key_ptr), (1, 1, H, 1, L, D))
        new_values = tl.reshape(tl.load(value_ptr), (1, 1, H, 1, L, D))

        # Never read: the first partition is never skipped and replaces them.
        maximum = tl.zeros([1, H, G, L, 1], dtype=tl.float32)
        total = tl.zeros([1, H, G, L, 1], dtype=tl.float32)
        result = tl.zeros([1, H, G, L, D], dtype=tl.float32)
        for p in tl.static_range(0, NP):
            if DIM_BLOCK_TABLE == 1:
                table_ptr = tl.make_block_ptr(base=block_table, shape=(NP,), strides=(1,), offsets=(p,),
                                              block_shape=(1,), order=(0,))
            else:
                table_ptr = tl.make_block_ptr(base=block_table, shape=(NB, NP), strides=(NP, 1), offsets=(b, p),
                                              block_shape=(1, 1), order=(1, 0))
            tl.static_assert(len(table_ptr.type.element_ty.shape) == DIM_BLOCK_TABLE)
            seq_ptr = tl.make_block_ptr(base=seq_idx, shape=(NB, NP), strides=(NP, 1), offsets=(b, p),
                                        block_shape=(1, 1), order=(1, 0))
            block = rblib.to_dynamic_index(table_ptr).cast(tl.int32)
            cached = rblib.to_dynamic_index(seq_ptr).cast(tl.int32)

            if rblib.partition_skip(cached) == False:  # noqa: E712
                key_cache_ptr = tl.make_block_ptr(base=kv_cache, shape=(2, B, H, 1, P, D),
                                                  strides=(B * H * P * D, H * P * D, P * D, P * D, D, 1),
                                                  offsets=(0, block, 0, 0, 0, 0), block_shape=(1, 1, H, 1, P, D),
                                                  order=(5, 4, 3, 2, 1, 0))
                value_cache_ptr = tl.make_block_ptr(base=kv_cache, shape=(2, B, H, 1, P, D),
                                                    strides=(B * H * P * D, H * P * D, P * D, P * D, D, 1),
                                                    offsets=(1, block, 0, 0, 0, 0), block_shape=(1, 1, H, 1, P, D),
                                                    order=(5, 4, 3, 2, 1, 0))
                # A full partition takes no rows from insert, and the store then stops at its last one.
                keys = rblib.insert(rblib.dynamic_load(key_cache_ptr, ROWS, cached), new_keys, ROWS, cached)
                rblib.dynamic_store(key_cache_ptr, keys, ROWS, cached + L)
                # Transposed before it is broadcast over the group: that is what fuses into the product.
                keys = tl.permute(tl.reshape(keys, (1, H, 1, P, D)), (0, 1, 2, 4, 3))
                scores = tl.dot(queries, tl.broadcast_to(keys, (1, H, G, D, P))) * qk_scale
                if p == 0:
                    new_maximum, weights, tile_total = rblib.flash_attn_tile(scores, tl.load(mask_ptr))
                else:
                    new_maximum, weights, tile_total = rblib.flash_attn_tile(scores, tl.load(mask_ptr), maximum)

                values = rblib.insert(rblib.dynamic_load(value_cache_ptr, ROWS, cached), new_values, ROWS, cached)
                rblib.dynamic_store(value_cache_ptr, values, ROWS, cached + L)
                values = tl.reshape(values, (1, H, 1, P, D))
                tile_result = tl.dot(weights, tl.broadcast_to(values, (1, H, G, P, D)))
                if p == 0:
                    total = tile_total
                    result = tile_result
                else:
                    total, result = rblib.flash_attn_recompute(maximum, new_maximum, total, tile_total, result,
                                                               tile_result)
                maximum = new_maximum
            if p + 1 < NP:
                mask_ptr = tl.advance(mask_ptr, (0, 0, 0, 0, P))
        tl.store(output_ptr, result / total)


@triton.jit
def flash_attention_naive_prefill(query, key, value, kv_cache, mask, output, qk_scale, seq_idx, block_table, block_size,
                                  H: tl.constexpr, G: tl.constexpr, D: tl.constexpr,
                                  L: tl.constexpr, NB: tl.constexpr, P: tl.constexpr,
                                  C: tl.constexpr, B: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr):
    """A chunk of L tokens of one sequence; it must not cross a partition."""
    tl.static_assert(NB == 1)
    _flash_attention(query, key, value, kv_cache, mask, output, qk_scale, seq_idx, block_table,
                     H, G, D, L, NB, P, C, B, DIM_BLOCK_TABLE)


@triton.jit
def flash_attention_naive_decode(query, key, value, kv_cache, mask, output, qk_scale, seq_idx, block_table, block_size,
                                 H: tl.constexpr, G: tl.constexpr, D: tl.constexpr,
                                 L: tl.constexpr, NB: tl.constexpr, P: tl.constexpr,
                                 C: tl.constexpr, B: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr):
    """One token of each of NB sequences."""
    tl.static_assert(L == 1)
    _flash_attention(query, key, value, kv_cache, mask, output, qk_scale, seq_idx, block_table,
                     H, G, D, L, NB, P, C, B, DIM_BLOCK_TABLE)
