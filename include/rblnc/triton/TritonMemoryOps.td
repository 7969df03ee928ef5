// Pointers, loads, stores, atomics.
#ifndef RBLNC_TRITON_MEMORY_OPS_TD
#define RBLNC_TRITON_MEMORY_OPS_TD

include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "rblnc/triton/TritonAttributes.td"
include "rblnc/triton/TritonTypes.td"

def TT_MakeTensorPtrOp : TT_Op<"make_tensor_ptr", [
    Pure, SameVariadicOperandSize,
    TypesMatchWith<"base points to the block's elements", "result", "base", "elementPointerOf($_self)">]> {
  let summary = "block pointer: base, shape and strides of an array, offsets of the block in it (until 3.7)";
  let description = [{
    `shape`, `strides` (both i64, in elements) and `offsets` (i32) have one entry per axis of the block; `order` lists
    the axes from the one that varies fastest.
  }];
  let arguments = (ins TT_ScalarPtr:$base, Variadic<I64>:$shape, Variadic<I64>:$strides, Variadic<I32>:$offsets,
                       DenseI32ArrayAttr:$order);
  let results = (outs TT_TensorPtr:$result);
  let assemblyFormat = [{
    $base `,` custom<EqualLists>($shape, $strides, $offsets) attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def TT_AdvanceOp : TT_Op<"advance", [Pure, AllTypesMatch<["result", "ptr"]>]> {
  let summary = "block pointer moved by offsets, one i32 per axis, counted in elements (until 3.7)";
  let arguments = (ins TT_TensorPtr:$ptr, Variadic<I32>:$offsets);
  let results = (outs TT_TensorPtr:$result);
  let assemblyFormat = "$ptr `,` `[` $offsets `]` attr-dict `:` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def TT_LoadOp : TT_Op<"load", [
    AttrSizedOperandSegments, TT_LeadingOperands<1>, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    TypesMatchWith<"result has the type that the pointer points to", "ptr", "result", "pointeeTypeOf($_self)">,
    OptionalTypesMatchWith<"mask is i1 of the shape of the result", "ptr", "mask", "maskTypeOf($_self)">,
    OptionalTypesMatchWith<"other has the type that the pointer points to", "ptr", "other",
                           "pointeeTypeOf($_self)">]> {
  let summary = "load through a pointer, a tensor of pointers or a block pointer";
  let description = [{
    Masked-off elements are `other`, or undefined without it. `boundaryCheck` lists the axes of a block pointer on
    which elements outside the array read as `padding` (zero when absent).
  }];
  let arguments = (ins TT_AnyPtr:$ptr, Optional<TT_I1Like>:$mask, Optional<TT_Type>:$other,
    DefaultValuedAttr<DenseI32ArrayAttr, "::llvm::ArrayRef<int32_t>{}">:$boundaryCheck,
    OptionalAttr<TT_PaddingOptionAttr>:$padding,
    DefaultValuedAttr<TT_CacheModifierAttr, "::rblnc::tt::CacheModifier::NONE">:$cache,
    DefaultValuedAttr<TT_EvictionPolicyAttr, "::rblnc::tt::EvictionPolicy::NORMAL">:$evict,
    DefaultValuedAttr<BoolAttr, "false">:$isVolatile);
  let results = (outs TT_Type:$result);
  let assemblyFormat = [{
    $ptr (`,` $mask^)? (`,` $other^)? oilist(`cacheModifier` `=` $cache | `evictionPolicy` `=` $evict)
    attr-dict `:` type($ptr)
  }];
  let hasVerifier = 1;
}

def TT_StoreOp : TT_Op<"store", [
    MemoryEffects<[MemWrite]>,
    TypesMatchWith<"value has the type that the pointer points to", "ptr", "value", "pointeeTypeOf($_self)">,
    OptionalTypesMatchWith<"mask is i1 of the shape of the value", "ptr", "mask", "maskTypeOf($_self)">]> {
  let summary = "store through a pointer, a tensor of pointers or a block pointer";
  let arguments = (ins TT_AnyPtr:$ptr, TT_Type:$value, Optional<TT_I1Like>:$mask,
    DefaultValuedAttr<DenseI32ArrayAttr, "::llvm::ArrayRef<int32_t>{}">:$boundaryCheck,
    DefaultValuedAttr<TT_CacheModifierAttr, "::rblnc::tt::CacheModifier::NONE">:$cache,
    DefaultValuedAttr<TT_EvictionPolicyAttr, "::rblnc::tt::EvictionPolicy::NORMAL">:$evict,
    UnitAttr:$ignore_cta);
  let assemblyFormat = [{
    $ptr `,` $value (`,` $mask^)? oilist(`cacheModifier` `=` $cache | `evictionPolicy` `=` $evict)
    attr-dict `:` type($ptr)
  }];
  let hasVerifier = 1;
}

class TT_AtomicOp<string mnemonic, list<Trait> traits = []>
    : TT_Op<mnemonic, !listconcat(traits, [MemoryEffects<[MemRead, MemWrite]>])>;

def TT_AtomicRMWOp : TT_AtomicOp<"atomic_rmw", [AllTypesMatch<["result", "val"]>,
    TypesMatchWith<"value has the type that the pointer points to", "ptr", "val", "pointeeTypeOf($_self)">,
    OptionalTypesMatchWith<"mask is i1 of the shape of the value", "ptr", "mask", "maskTypeOf($_self)">]> {
  let summary = "atomic read-modify-write; yields the old value";
  let arguments = (ins TT_RMWOpAttr:$atomic_rmw_op, TT_PtrLike:$ptr, TT_Type:$val, Optional<TT_I1Like>:$mask,
                       TT_MemSemanticAttr:$sem, TT_MemSyncScopeAttr:$scope);
  let results = (outs TT_Type:$result);
  let assemblyFormat = [{
    $atomic_rmw_op `,` $sem `,` $scope `,` $ptr `,` $val (`,` $mask^)? attr-dict
    `:` functional-type(operands, $result)
  }];
}

def TT_AtomicCASOp : TT_AtomicOp<"atomic_cas", [AllTypesMatch<["result", "val", "cmp"]>,
    TypesMatchWith<"value has the type that the pointer points to", "ptr", "val", "pointeeTypeOf($_self)">]> {
  let summary = "atomic compare-and-swap; yields the old value";
  let arguments = (ins TT_PtrLike:$ptr, TT_Type:$cmp, TT_Type:$val, TT_MemSemanticAttr:$sem,
                       TT_MemSyncScopeAttr:$scope);
  let results = (outs TT_Type:$result);
  let assemblyFormat = "$sem `,` $scope `,` $ptr `,` $cmp `,` $val attr-dict `:` functional-type(operands, $result)";
}

def TT_AtomicPollOp : TT_AtomicOp<"atomic_poll", [
    TypesMatchWith<"expected value has the type that the pointer points to", "ptr", "expected",
                   "pointeeTypeOf($_self)">]> {
  let summary = "wait until memory holds a value; false after the timeout (after 3.8)";
  let arguments = (ins TT_ScalarPtr:$ptr, AnyTypeOf<[I16, I32, I64]>:$expected, Optional<I64>:$timeout,
                       TT_MemSemanticAttr:$sem, TT_MemSyncScopeAttr:$scope);
  let results = (outs I1:$result);
  let assemblyFormat = [{
    $sem `,` $scope `,` $ptr `,` $expected (`timeout` $timeout^)? attr-dict
    `:` qualified(type($ptr)) `,` type($expected) `->` type($result)
  }];
  let hasVerifier = 1;
}

class TT_GridDependencyOp<string mnemonic> : TT_Op<mnemonic, [MemoryEffects<[MemRead, MemWrite]>]> {
  let assemblyFormat = "attr-dict";
}
def TT_GridDependencyWaitOp : TT_GridDependencyOp<"grid_dependency_wait"> {
  let summary = "wait for the kernels that this launch depends on (after 3.8)";
}
def TT_GridDependencyLaunchDependentsOp : TT_GridDependencyOp<"grid_dependency_launch_dependents"> {
  let summary = "let dependent kernels start (after 3.8)";
}

#endif
