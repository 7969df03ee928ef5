// Tensor descriptors: block transfers through an opaque descriptor, and the names they had in 3.0 to 3.3.
#ifndef RBLNC_TRITON_DESCRIPTOR_OPS_TD
#define RBLNC_TRITON_DESCRIPTOR_OPS_TD

include "mlir/Interfaces/SideEffectInterfaces.td"
include "rblnc/triton/TritonAttributes.td"
include "rblnc/triton/TritonTypes.td"

def TT_MakeTensorDescOp : TT_Op<"make_tensor_descriptor", [
    Pure, SameVariadicOperandSize,
    TypesMatchWith<"base points to the block's elements", "result", "base", "elementPointerOf($_self)">]> {
  let summary = "descriptor of an array: base, shape (i32) and strides (i64), one per axis of the block (3.3 on)";
  let arguments = (ins TT_ScalarPtr:$base, Variadic<I32>:$shape, Variadic<I64>:$strides,
    DefaultValuedAttr<TT_PaddingOptionAttr, "::rblnc::tt::PaddingOption::PAD_ZERO">:$padding);
  let results = (outs TT_TensorDesc:$result);
  let assemblyFormat = [{
    $base `,` custom<EqualLists>($shape, $strides) attr-dict `:` type($base) `,` type($result)
  }];
  let hasVerifier = 1;
}

class TT_DescLoad<string mnemonic> : TT_Op<mnemonic, [MemoryEffects<[MemRead]>]> {
  let summary = "load a block at indices, one i32 per axis";
  let arguments = (ins TT_AnyDesc:$desc, Variadic<I32>:$indices,
    DefaultValuedAttr<TT_CacheModifierAttr, "::rblnc::tt::CacheModifier::NONE">:$cache,
    DefaultValuedAttr<TT_EvictionPolicyAttr, "::rblnc::tt::EvictionPolicy::NORMAL">:$evict);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = [{
    $desc `[` $indices `]` oilist(`cacheModifier` `=` $cache | `evictionPolicy` `=` $evict) attr-dict
    `:` qualified(type($desc)) `->` type($result)
  }];
  let hasVerifier = 1;
}
def TT_DescriptorLoadOp : TT_DescLoad<"descriptor_load">;
def TT_ExperimentalDescriptorLoadOp : TT_DescLoad<"experimental_descriptor_load">;

class TT_DescStore<string mnemonic> : TT_Op<mnemonic, [MemoryEffects<[MemWrite]>]> {
  let summary = "store a block at indices, one i32 per axis";
  let arguments = (ins TT_AnyDesc:$desc, TT_Tensor:$src, Variadic<I32>:$indices);
  let assemblyFormat = [{
    $desc `[` $indices `]` `,` $src attr-dict `:` qualified(type($desc)) `,` type($src)
  }];
  let hasVerifier = 1;
}
def TT_DescriptorStoreOp : TT_DescStore<"descriptor_store">;
def TT_ExperimentalDescriptorStoreOp : TT_DescStore<"experimental_descriptor_store">;

def TT_DescriptorReduceOp : TT_Op<"descriptor_reduce", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "combine a block with what is in memory (3.4 on)";
  let arguments = (ins TT_DescriptorReduceKindAttr:$kind, TT_TensorDesc:$desc, TT_Tensor:$src, Variadic<I32>:$indices);
  let assemblyFormat = [{
    $kind `,` $desc `[` $indices `]` `,` $src attr-dict `:` qualified(type($desc)) `,` type($src)
  }];
  let hasVerifier = 1;
}

class TT_DescGather<string mnemonic> : TT_Op<mnemonic, [MemoryEffects<[MemRead]>]> {
  let summary = "load rows at x_offsets, from column y_offset on";
  let arguments = (ins TT_AnyDesc:$desc, TT_OffsetTensor:$x_offsets, I32:$y_offset);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = [{
    $desc `[` $x_offsets `,` $y_offset `]` attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}
def TT_DescriptorGatherOp : TT_DescGather<"descriptor_gather">;
def TT_ExperimentalDescriptorGatherOp : TT_DescGather<"experimental_descriptor_gather">;

class TT_DescScatter<string mnemonic> : TT_Op<mnemonic, [MemoryEffects<[MemWrite]>]> {
  let summary = "store rows at x_offsets, from column y_offset on";
  let arguments = (ins TT_AnyDesc:$desc, TT_OffsetTensor:$x_offsets, I32:$y_offset, TT_Tensor:$src);
  let assemblyFormat = [{
    $desc `[` $x_offsets `,` $y_offset `]` `,` $src attr-dict `:` type(operands)
  }];
  let hasVerifier = 1;
}
def TT_DescriptorScatterOp : TT_DescScatter<"descriptor_scatter">;
def TT_ExperimentalDescriptorScatterOp : TT_DescScatter<"experimental_descriptor_scatter">;

def TT_ReinterpretTensorDescOp : TT_Op<"reinterpret_tensor_descriptor", [Pure]> {
  let summary = "a raw descriptor as a typed one (3.3 only)";
  let arguments = (ins TT_ScalarPtr:$rawDesc);
  let results = (outs TT_TensorDesc:$result);
  let assemblyFormat = [{
    $rawDesc attr-dict `:` qualified(type($rawDesc)) `to` qualified(type($result))
  }];
}

def TT_ExperimentalTensormapCreateOp : TT_Op<"experimental_tensormap_create", [
    MemoryEffects<[MemRead, MemWrite]>, AttrSizedOperandSegments, TT_LeadingOperands<2>]> {
  let summary = "write a raw descriptor to memory (3.2 and 3.3)";
  let arguments = (ins TT_ScalarPtr:$desc_ptr, TT_ScalarPtr:$global_address, Variadic<I32>:$box_dim,
    Variadic<I32>:$global_dim, Variadic<I64>:$global_stride, Variadic<I32>:$element_stride,
    ConfinedAttr<I32Attr, [IntMinValue<0>, IntMaxValue<15>]>:$elem_type,
    ConfinedAttr<I32Attr, [IntMinValue<0>, IntMaxValue<2>]>:$interleave_layout,
    ConfinedAttr<I32Attr, [IntMinValue<0>, IntMaxValue<3>]>:$swizzle_mode,
    ConfinedAttr<I32Attr, [IntMinValue<0>, IntMaxValue<1>]>:$fill_mode);
  let assemblyFormat = [{
    $desc_ptr `,` $global_address `,` `[` $box_dim `]` `,` `[` $global_dim `]` `,` `[` $global_stride `]` `,`
    `[` $element_stride `]` attr-dict `:` functional-type(operands, results)
  }];
}

def TT_ExperimentalTensormapFenceproxyAcquireOp : TT_Op<"experimental_tensormap_fenceproxy_acquire", [
    MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "make a raw descriptor in memory visible (3.2 and 3.3)";
  let arguments = (ins TT_ScalarPtr:$desc_ptr);
  let assemblyFormat = "$desc_ptr attr-dict `:` qualified(type($desc_ptr))";
}

#endif
