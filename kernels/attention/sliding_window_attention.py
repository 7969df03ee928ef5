"""Attention over the last WINDOW_SIZE tokens, which are all that the cache of a sequence keeps, in order.

With start = min(n, W) of n tokens in the cache and L new ones, end = start + L:

    keys = cache rows 0..start-1, then the new ones, then zeros: W + L rows; values likewise
    cache = rows max(0, end - W)..end-1 of them, then zeros
    output[h, g] = softmax(query[h, g] keys[h]^T qk_scale, columns start + i - W + 1..start + i of row i) values[h]

query, output: (NUM_BATCH, NUM_HEAD, NUM_GROUP, QUERY_LEN, HEAD_DIM); key, value: (NUM_BATCH, NUM_HEAD, 1, QUERY_LEN,
HEAD_DIM); kv_cache: (2, NUM_BLOCK, NUM_HEAD, 1, WINDOW_SIZE, HEAD_DIM), keys then values; cache_seq_len: (NUM_BATCH, 1)
int32, start; cache_offset: (NUM_BATCH, 1) int32, end; block_table: int32, the block of each sequence, (1,) or
(NUM_BATCH, 1); qk_scale: scalar; dummy: not used, it keeps the interface. float32 throughout.
"""
from rblnc import triton
from rblnc.triton import language as tl
from rblnc.triton.language.extra.rbln import libdevice as rblib


@triton.jit
def _sliding_window_attention(query, key, value, kv_cache, output, cache_seq_len, cache_offset, qk_scale, block_table,
                              NUM_HEAD: tl.constexpr, NUM_GROUP: tl.constexpr, HEAD_DIM: tl.constexpr,
                              QUERY_LEN: tl.constexpr, WINDOW_SIZE: tl.constexpr, NUM_BATCH: tl.constexpr,
                              NUM_BLOCK: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr, PADDING: tl.constexpr):
    ROWS: tl.constexpr = 4
    KEY_SIZE: tl.constexpr = QUERY_LEN * HEAD_DIM
    QUERY_SIZE: tl.constexpr = NUM_GROUP * KEY_SIZE
    BLOCK_SIZE: tl.constexpr = WINDOW_SIZE * HEAD_DIM
    COLUMNS: tl.constexpr = WINDOW_SIZE + QUERY_LEN + PADDING
    for b in tl.static_range(0, NUM_BATCH):
        if DIM_BLOCK_TABLE == 1:
            table_ptr = tl.make_block_ptr(base=block_table, shape=(NUM_BATCH,), strides=(1,), offsets=(b,),
                                          block_shape=(1,), order=(0,))
        else:
            table_ptr = tl.make_block_ptr(base=block_table, shape=(NUM_BATCH, 1), strides=(1, 1), offsets=(b, 0),
                                          block_shape=(1, 1), order=(1, 0))
        tl.static_assert(len(table_ptr.type.element_ty.shape) == DIM_BLOCK_TABLE)
        start_ptr = tl.make_block_ptr(base=cache_seq_len, shape=(NUM_BATCH, 1), strides=(1, 1), offsets=(b, 0),
                                      block_shape=(1, 1), order=(1, 0))
        end_ptr = tl.make_block_ptr(base=cache_offset, shape=(NUM_BATCH, 1), strides=(1, 1), offsets=(b, 0),
                                    block_shape=(1, 1), order=(1, 0))
        start = rblib.to_dynamic_index(start_ptr)
        end = rblib.to_dynamic_index(end_ptr)
        block = rblib.to_dynamic_index(table_ptr)

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
        key_cache_ptr = tl.make_block_ptr(base=kv_cache, shape=(2, NUM_BLOCK, NUM_HEAD, 1, WINDOW_SIZE, HEAD_DIM),
                                          strides=(NUM_BLOCK * NUM_HEAD * BLOCK_SIZE, NUM_HEAD * BLOCK_SIZE, BLOCK_SIZE,
                                                   BLOCK_SIZE, HEAD_DIM, 1),
                                          offsets=(0, block, 0, 0, 0, 0),
                                          block_shape=(1, 1, NUM_HEAD, 1, WINDOW_SIZE, HEAD_DIM),
                                          order=(5, 4, 3, 2, 1, 0))
        value_cache_ptr = tl.make_block_ptr(base=kv_cache, shape=(2, NUM_BLOCK, NUM_HEAD, 1, WINDOW_SIZE, HEAD_DIM),
                                            strides=(NUM_BLOCK * NUM_HEAD * BLOCK_SIZE, NUM_HEAD * BLOCK_SIZE,
                                                     BLOCK_SIZE, BLOCK_SIZE, HEAD_DIM, 1),
                                            offsets=(1, block, 0, 0, 0, 0),
                                            block_shape=(1, 1, NUM_HEAD, 1, WINDOW_SIZE, HEAD_DIM),
                                            order=(5, 4, 3, 2, 1, 0))

        new_keys = tl.reshape(tl.load(key_ptr), (1, 1, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM))
        keys = rblib.window_insert(rblib.dynamic_load(key_cache_ptr), new_keys, ROWS, start)
        rblib.dynamic_store(key_cache_ptr, rblib.window_slice(keys, end, ROWS, WINDOW_SIZE))
        if PADDING > 0:
            keys = rblib.nn_pad(keys, 0.0, ROWS, (0, PADDING), "constant")
        # Transposed before it is broadcast over the group: that is what fuses into the product.
        keys = tl.permute(tl.reshape(keys, (1, NUM_HEAD, 1, COLUMNS, HEAD_DIM)), (0, 1, 2, 4, 3))
        keys = tl.broadcast_to(keys, (1, NUM_HEAD, NUM_GROUP, HEAD_DIM, COLUMNS))
        scores = tl.dot(tl.load(query_ptr), keys) * qk_scale
        weights = rblib.window_softmax(scores, start, window_size=WINDOW_SIZE)

        new_values = tl.reshape(tl.load(value_ptr), (1, 1, NUM_HEAD, 1, QUERY_LEN, HEAD_DIM))
        values = rblib.window_insert(rblib.dynamic_load(value_cache_ptr), new_values, ROWS, start)
        rblib.dynamic_store(value_cache_ptr, rblib.window_slice(values, end, ROWS, WINDOW_SIZE))
        if PADDING > 0:
            values = rblib.nn_pad(values, 0.0, ROWS, (0, PADDING), "constant")
        values = tl.reshape(values, (1, NUM_HEAD, 1, COLUMNS, HEAD_DIM))
        values = tl.broadcast_to(values, (1, NUM_HEAD, NUM_GROUP, COLUMNS, HEAD_DIM))
        tl.store(output_ptr, tl.dot(weights, values))


@triton.jit
def sliding_window_attention_naive_prefill(query, key, value, kv_cache, output, cache_seq_len, cache_offset, qk_scale,
                                           block_table, dummy, NUM_HEAD: tl.constexpr, NUM_GROUP: tl.constexpr,
                                           HEAD_DIM: tl.constexpr, QUERY_LEN: tl.constexpr, WINDOW_SIZE: tl.constexpr,
                                           NUM_BATCH: tl.constexpr, NUM_BLOCK: tl.constexpr,
                                           DIM_BLOCK_TABLE: tl.constexpr):
    """A chunk of QUERY_LEN tokens of one sequence."""
    tl.static_assert(NUM_BATCH == 1)
    _sliding_window_attention(query, key, value, kv_cache, output, cache_seq_len, cache_offset, qk_scale, block_table,
                              NUM_HEAD, NUM_GROUP, HEAD_DIM, QUERY_LEN, WINDOW_SIZE, NUM_BATCH, NUM_BLOCK,
                              DIM_BLOCK_TABLE, 0)


@triton.jit
def sliding_window_attention_naive_decode(query, key, value, kv_cache, output, cache_seq_len, cache_offset, qk_scale,
                                          block_table, dummy, NUM_HEAD: tl.constexpr, NUM_GROUP: tl.constexpr,
                                          HEAD_DIM: tl.constexpr, QUERY_LEN: tl.constexpr, WINDOW_SIZE: tl.constexpr,
                                          NUM_BATCH: tl.constexpr, NUM_BLOCK: tl.constexpr,
                                          DIM_BLOCK_TABLE: tl.constexpr):
    """One token of each of NUM_BATCH sequences. 63 rows of zeros bring W + 1 to W + 64, a multiple of 64."""
    tl.static_assert(QUERY_LEN == 1)
    _sliding_window_attention(query, key, value, kv_cache, output, cache_seq_len, cache_offset, qk_scale, block_table,
                              NUM_HEAD, NUM_GROUP, HEAD_DIM, QUERY_LEN, WINDOW_SIZE, NUM_BATCH, NUM_BLOCK,
                              DIM_BLOCK_TABLE, 63)
