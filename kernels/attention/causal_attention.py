"""Causal attention over a cache of one block per sequence.

With n tokens in the cache and L new ones, for every head of keys h and head of queries g that shares it:

    cache[0 or 1, block, h, 0, n : n + L] = key or value
    output[h, g] = softmax(query[h, g] keys[h]^T qk_scale, columns 0..n + i of row i) values[h]

Shapes as in attention.py, without the mask.
"""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def _causal_attention(query, key, value, kv_cache, output, seq_idx, qk_scale, block_table,
                      NUM_HEAD: tl.constexpr, NUM_GROUP: tl.constexpr, HEAD_DIM: tl.constexpr,
                      QUERY_LEN: tl.constexpr, PARTITION_SIZE: tl.constexpr, NUM_BATCH: tl.constexpr,
                      NUM_BLOCK: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr):
    ROWS: tl.constexpr = 4
    KEY_SIZE: tl.constexpr = QUERY_LEN * HEAD_DIM
    QUERY_SIZE: tl.constexpr = NUM_GROUP * KEY_SIZE
    BLOCK_SIZE: tl.constexpr = PARTITION_SIZE * HEAD_DIM
    for b in tl.static_range(0, NUM_BATCH):
        if DIM_BLOCK_TABLE == 1:
            table_ptr = tl.make_block_ptr(base=block_table, shape=(NUM_BATCH,), strides=(1,), offsets=(b,),
                                          block_shape=(1,), order=(0,))
        else:
            table_ptr = tl.make_block_ptr(base=block_table, shape=(NUM_BATCH, 1), strides=(1, 1), offsets=(b, 0),
                                          block_shape=(1, 1), order=(1, 0))
        tl.static_assert(len(table_ptr.type.element_ty.shape) == DIM_BLOCK_TABLE)
        seq_ptr = tl.make_block_ptr(base=seq_idx, shape=(NUM_BATCH, 1), strides=(1, 1), offsets=(b, 0),
                                    block_shape=(1, 1), order=(1, 0))
        block = rblib.to_dynamic_index(table_ptr).cast(tl.int32)
        cached = rblib.to_dynamic_index(seq_ptr, PARTITION_SIZE).cast(tl.int32)

        query_ptr = tl.make_block_ptr(base=query, shape=(NUM_BATCH, NUM_HEAD, NUM_GROUP, QUERY_LEN, HEAD_DIM),
                                      strides=(NUM_HEAD * QUERY_SIZE, QUERY_SIZE, KEY_SIZE, HEAD_DIM, 1),
                                      offsets=(b, 0, 0, 0, 0),
                                      block_shape=(1, NUM_HEAD, NUM_GROUP, QUERY_LEN, HEAD_DIM), order=(4, 3, 2, 1, 0))
        output_ptr = tl.make_block_ptr(base=output, shape=(NUM_BATCH, NUM_HEAD, NUM_GROUP, QUERY_LEN, HEAD_DIM),
                                       strides=(NUM_HEAD * QUERY_SIZE, QUERY_SIZE, KEY_SIZE, HEAD_DIM, 1),
                                       offsets=(b, 0, 0, 0, 0),
                                       block_shape=(1, NUM_HEAD, NUM_GROUP, QUERY_LEN, HEAD_DIM), order=(4, 3, 2, 1, 0))
        key_ptr = tl.make_block_ptr(base=key, shape=(NUM_BATCH, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM),
                                    strides=(NUM_HEAD * KEY_SIZE, KEY_SIZE, KEY_SIZE, HEAD_DIM, 1),
                                    offsets=(b, 0, 0, 0, 0),
                                    block_shape=(1, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM), order=(4, 3, 2, 1, 0))
        value_ptr = tl.make_block_ptr(base=value, shape=(NUM_BATCH, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM),
                                      strides=(NUM_HEAD * KEY_SIZE, KEY_SIZE, KEY_SIZE, HEAD_DIM, 1),
                                      offsets=(b, 0, 0, 0, 0),
                                      block_shape=(1, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM), order=(4, 3, 2, 1, 0))
        key_cache_ptr = tl.make_block_ptr(base=kv_cache, shape=(2, NUM_BLOCK, NUM_HEAD, 1, PARTITION_SIZE, HEAD_DIM),
                                          strides=(NUM_BLOCK * NUM_HEAD * BLOCK_SIZE, NUM_HEAD * BLOCK_SIZE, BLOCK_SIZE,
                                                   BLOCK_SIZE, HEAD_DIM, 1),
                                          offsets=(0, block, 0, 0, 0, 0),
                                          block_shape=(1, 1, NUM_HEAD, 1, PARTITION_SIZE, HEAD_DIM),
                                          order=(5, 4, 3, 2, 1, 0))
        value_cache_ptr = tl.make_block_ptr(base=kv_cache, shape=(2, NUM_BLOCK, NUM_HEAD, 1, PARTITION_SIZE, HEAD_DIM),
                                            strides=(NUM_BLOCK * NUM_HEAD * BLOCK_SIZE, NUM_HEAD * BLOCK_SIZE,
                                                     BLOCK_SIZE, BLOCK_SIZE, HEAD_DIM, 1),
                                            offsets=(1, block, 0, 0, 0, 0),
                                            block_shape=(1, 1, NUM_HEAD, 1, PARTITION_SIZE, HEAD_DIM),
                                            order=(5, 4, 3, 2, 1, 0))

        new_keys = tl.reshape(tl.load(key_ptr), (1, 1, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM))
        keys = rblib.insert(rblib.dynamic_load(key_cache_ptr, ROWS, cached), new_keys, ROWS, cached)
        rblib.dynamic_store(key_cache_ptr, keys, ROWS, cached + QUERY_LEN)
        keys = tl.reshape(keys, (1, NUM_HEAD, 1, PARTITION_SIZE, HEAD_DIM))
        # Transposed before it is broadcast over the group: that is what fuses into the product.
        keys = tl.permute(keys, (0, 1, 2, 4, 3))
        keys = tl.broadcast_to(keys, (1, NUM_HEAD, NUM_GROUP, HEAD_DIM, PARTITION_SIZE))
        scores = tl.dot(tl.load(query_ptr), keys) * qk_scale
        weights = rblib.dynamic_masked_softmax(scores, cached)

        new_values = tl.reshape(tl.load(value_ptr), (1, 1, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM))
        values = rblib.insert(rblib.dynamic_load(value_cache_ptr, ROWS, cached), new_values, ROWS, cached)
        rblib.dynamic_store(value_cache_ptr, values, ROWS, cached + QUERY_LEN)
        values = tl.reshape(values, (1, NUM_HEAD, 1, PARTITION_SIZE, HEAD_DIM))
        values = tl.broadcast_to(values, (1, NUM_HEAD, NUM_GROUP, PARTITION_SIZE, HEAD_DIM))
        tl.store(output_ptr, tl.dot(weights, values))


@triton.jit
def causal_attention_naive_prefill(query, key, value, kv_cache, output, seq_idx, qk_scale, block_table, dummy,
                                   NUM_HEAD: tl.constexpr, NUM_GROUP: tl.constexpr, HEAD_DIM: tl.constexpr,
                                   QUERY_LEN: tl.constexpr, PARTITION_SIZE: tl.constexpr, NUM_BATCH: tl.constexpr,
                                   NUM_BLOCK: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr):
    """A chunk of QUERY_LEN tokens of one sequence; it must fit into the block."""
    tl.static_assert(NUM_BATCH == 1)
    _causal_attention(query, key, value, kv_cache, output, seq_idx, qk_scale, block_table, NUM_HEAD, NUM_GROUP,
                      HEAD_DIM, QUERY_LEN, PARTITION_SIZE, NUM_BATCH, NUM_BLOCK, DIM_BLOCK_TABLE)


@triton.jit
def causal_attention_naive_decode(query, key, value, kv_cache, output, seq_idx, qk_scale, block_table, dummy,
                                  NUM_HEAD: tl.constexpr, NUM_GROUP: tl.constexpr, HEAD_DIM: tl.constexpr,
                                  QUERY_LEN: tl.constexpr, PARTITION_SIZE: tl.constexpr, NUM_BATCH: tl.constexpr,
                                  NUM_BLOCK: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr):
    """One token of each of NUM_BATCH sequences."""
    tl.static_assert(QUERY_LEN == 1)
    _causal_attention(query, key, value, kv_cache, output, seq_idx, qk_scale, block_table, NUM_HEAD, NUM_GROUP,
                      HEAD_DIM, QUERY_LEN, PARTITION_SIZE, NUM_BATCH, NUM_BLOCK, DIM_BLOCK_TABLE)
