# Causal attention over a packed cache, (NUM_BLOCK, 2, H, 1, P, D), in the manner of the vendor's newest files: keys and
# values of a block side by side, one kernel for chunks of one sequence and for one token of several, casts to float32
# around the kernel, heads aligned on the host. Nothing in it is changed: `python -m rblnc exec` finds `rebel`.
import torch
from torch.library import register_fake, triton_op

from rebel import triton
from rebel.triton import language as tl
from rebel.triton.language.extra.rbln import libdevice as rblib

__triton_op_files__ = rblib.collect_triton_op_files()


@triton.jit
def packed_cache(q_base, k_base, v_base, cache_base, out_base, qk_scale, seq_base, table_base, dummy,
                  H: tl.constexpr, G: tl.constexpr, D: tl.constexpr, L: tl.constexpr, NB: tl.constexpr,
                  P: tl.constexpr, C: tl.constexpr, B: tl.constexpr, DIM_BLOCK_TABLE: tl.constexpr):
    NP: tl.constexpr = C // P
    for batch in tl.static_range(0, NB, 1):
        q_ptr = tl.make_block_ptr(base=q_base, shape=(NB, H, G, L, D), strides=(H * G * L * D, G * L * D, L * D, D, 1),
                                  offsets=(batch, 0, 0, 0, 0), block_shape=(1, H, G, L, D), order=(4, 3, 2, 1, 0))
        k_ptr = tl.make_block_ptr(base=k_base, shape=(NB, H, 1, L, D), strides=(H * L * D, L * D, L * D, D, 1),
                                  offsets=(batch, 0, 0, 0, 0), block_shape=(1, H, 1, L, D), order=(4, 3, 2, 1, 0))
        v_ptr = tl.make_block_ptr(base=v_base, shape=(NB, H, 1, L, D), strides=(H * L * D, L * D, L * D, D, 1),
                                  offsets=(batch, 0, 0, 0, 0), block_shape=(1, H, 1, L, D), order=(4, 3, 2, 1, 0))
        out_ptr = tl.make_block_ptr(base=out_base, shape=(NB, H, G, L, D),
                                    strides=(H * G * L * D, G * L * D, L * D, D, 1), offsets=(batch, 0, 0, 0, 0),
                                    block_shape=(1, H, G, L, D), order=(4, 3, 2, 1, 0))
        q = tl.load(q_ptr)
        k = tl.reshape(tl.load(k_ptr), (1, 1, H, 1, L, D))
        v = tl.reshape(tl.load(v_ptr), (1, 1, H, 1, L, D))
        row_max = tl.zeros([1, H, G, L, 1], dtype=tl.float32)
        row_sum = tl.zeros([1, H, G, L, 1], dtype=tl.float32)
        result = tl.zeros([1, H, G, L, D], dtype=tl.float32)

        for i in tl.static_range(0, NP, 1):
            if DIM_BLOCK_TABLE == 1:
                table_ptr = tl.make_block_ptr(base=table_base, shape=(NP, ), strides=(1, ), offsets=(i, ),
                                              block_shape=(1, ), order=(0, ))
            else:
                table_ptr = tl.make_block_ptr(base=table_base, shape=(NB, NP), strides=(NP, 1), offsets=(batch, i),
                                              block_shape=(1, 1), order=(1, 0))
            tl.static_assert(len(table_ptr.type.element_ty.shape) == DIM_BLOCK_TABLE)
            seq_ptr = tl.make_block_ptr(base=seq_base, shape=(NB, NP), strides=(NP, 1), offsets=(batch, i),
                                        block_shape=(1, 1), order=(1, 0))
            block_number = rblib.to_dynamic_index(table_ptr).cast(tl.int32)
            block_offset = rblib.to_dynamic_index(seq_ptr, P).cast(tl.int32)
            if rblib.partition_skip(block_offset) == False:  # noqa: E712
                k_cache_ptr = tl.make_block_ptr(base=cache_base, shape=(B, 2, H, 1, P, D),
                                                strides=(2 * H * P * D, H * P * D, P * D, P * D, D, 1),
                                                offsets=(block_number, 0, 0, 0, 0, 0),
                                                block_shape=(1, 1, H, 1, P, D), order=(5, 4, 3, 2, 1, 0))
                v_cache_ptr = tl.make_block_ptr(base=cache_base, shape=(B, 2, H, 1, P, D),
                                                strides=(2 * H * P * D, H * P * D, P * D, P * D, D, 1),
                                                offsets=(block_number, 1, 0, 0, 0, 0),
                                                block_shape=(1, 1, H, 1, P, D), order=(5, 4, 3, 2, 1, 0))
                k_block = rblib.dynamic_load(k_cache_ptr, 4, block_offset)
                k_block = rblib.insert(k_block, k, 4, block_offset)
                rblib.dynamic_store(k_cache_ptr, k_block, 4, block_offset + L)
                k_t = tl.permute(tl.reshape(k_block, (1, H, 1, P, D)), (0, 1, 2, 4, 3))
                k_t = tl.broadcast_to(k_t, (1, H, G, D, P))
                qk = tl.dot(q, k_t) * qk_scale

                v_block = rblib.dynamic_load(v_cache_ptr, 4, block_offset)
                v_block = rblib.insert(v_block, v, 4, block_offset)
                rblib.dynamic_store(v_cache_ptr, v_block, 4, block_offset + L)
                v_t = tl.broadcast_to(tl.reshape(v_block, (1, H, 1, P, D)), (1, H, G, P, D))

                if i == 0:
                    row_max, p, row_sum = rblib.dynamic_flash_attn_tile(qk, block_offset)
                    result = tl.dot(p, v_t)
                else:
                    new_max, p, cur_sum = rblib.dynamic_flash_attn_tile(qk, block_offset, row_max)
                    cur = tl.dot(p, v_t)
                    row_sum, result = rblib.flash_attn_recompute(row_max, new_max, row_sum, cur_sum, result, cur)
                    row_max = new_max
        tl.store(out_ptr, result / row_sum)


def warmup(func, *args):
    kernel = func.warmup(*args, grid=(1, ), host_layout="1:2:3")
    rblib.write_rtosa(kernel, args)
    return kernel


@triton_op("rbln_triton_ops::packed_cache", mutates_args=())
def packed_cache_wrapper(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, kv_cache: torch.Tensor,
                          qk_scale: torch.Tensor, seq_idx: torch.Tensor, block_table: torch.Tensor,
                          dummy0: torch.Tensor) -> torch.Tensor:
    original_dtype = query.dtype
    head_size = query.shape[-1]
    query = rblib.align_tensor_last_dim_to_64(query.to(torch.float32))
    key = rblib.align_tensor_last_dim_to_64(key.to(torch.float32))
    value = rblib.align_tensor_last_dim_to_64(value.to(torch.float32))
    output = torch.empty_like(query)
    batch, heads, groups, length, size = query.shape
    rows = kv_cache.shape[4]
    params = [
        query, key, value, kv_cache.to(torch.float32), output, qk_scale.to(torch.float32), seq_idx, block_table, dummy0,
        heads, groups, size, length, batch, rows, rows * seq_idx.shape[1], kv_cache.shape[0], block_table.dim()
    ]
    warmup(packed_cache, *params)
    return output[..., :head_size].to(original_dtype).clone()


@register_fake("rbln_triton_ops::packed_cache")
def _(query, key, value, kv_cache, qk_scale, seq_idx, block_table, dummy0):
    return torch.empty_like(query)
