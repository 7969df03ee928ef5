// Operations that make tensors and change their shape.
#ifndef RBLNC_TRITON_SHAPE_OPS_TD
#define RBLNC_TRITON_SHAPE_OPS_TD

include "mlir/Interfaces/SideEffectInterfaces.td"
include "rblnc/triton/TritonAttributes.td"
include "rblnc/triton/TritonTypes.td"

// One tensor in, one tensor out.
class TT_ShapeOp<string mnemonic, list<Trait> traits = []>
    : TT_Op<mnemonic, !listconcat(traits, [Pure])> {
  let hasVerifier = 1;
}

def TT_MakeRangeOp : TT_ShapeOp<"make_range"> {
  let summary = "the integers start, ..., end - 1";
  let arguments = (ins I32Attr:$start, I32Attr:$end);
  let results = (outs TT_TensorOf<[TT_Int]>:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def TT_SplatOp : TT_ShapeOp<"splat"> {
  let summary = "a scalar in every element";
  let arguments = (ins AnyTypeOf<[TT_Scalar, TT_Tensor], "scalar or tensor of rank 0">:$src);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = "$src attr-dict `:` type($src) `->` type($result)";
  let hasFolder = 1;
}

def TT_UnsplatOp : TT_ShapeOp<"unsplat", [
    TypesMatchWith<"result is the element", "src", "result", "::mlir::getElementTypeOrSelf($_self)">]> {
  let summary = "the element of a tensor that has one (3.5 on)";
  let arguments = (ins TT_Tensor:$src);
  let results = (outs TT_Scalar:$result);
  let assemblyFormat = "$src attr-dict `:` type($src)";
  let hasFolder = 1;
}

def TT_ExpandDimsOp : TT_ShapeOp<"expand_dims"> {
  let summary = "insert an axis of extent 1";
  let arguments = (ins TT_Tensor:$src, I32Attr:$axis);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = "$src attr-dict `:` type($src) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def TT_ReshapeOp : TT_ShapeOp<"reshape"> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    `allow_reorder` permits any order of the elements. 3.0 and 3.1 write it as a boolean attribute, which is read too.
  }];
  let arguments = (ins TT_Tensor:$src, UnitAttr:$allow_reorder, UnitAttr:$efficient_layout);
  let results = (outs TT_Tensor:$result);
  let hasCustomAssemblyFormat = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def TT_BroadcastOp : TT_ShapeOp<"broadcast"> {
  let summary = "repeat along axes of extent 1";
  let arguments = (ins TT_Tensor:$src);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = "$src attr-dict `:` type($src) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def TT_TransOp : TT_ShapeOp<"trans"> {
  let summary = "permute axes: axis i of the result is axis order[i] of the source";
  let arguments = (ins TT_Tensor:$src, DenseI32ArrayAttr:$order);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = "$src attr-dict `:` type($src) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def TT_CatOp : TT_ShapeOp<"cat", [SameTypeOperands]> {
  let summary = "elements of both operands, in any order (until 3.8)";
  let arguments = (ins TT_Tensor:$lhs, TT_Tensor:$rhs);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)";
}

def TT_JoinOp : TT_ShapeOp<"join", [SameTypeOperands]> {
  let summary = "stack two tensors along a new last axis of extent 2";
  let arguments = (ins TT_Tensor:$lhs, TT_Tensor:$rhs);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)";
}

def TT_SplitOp : TT_ShapeOp<"split", [AllTypesMatch<["outLHS", "outRHS"]>]> {
  let summary = "the two halves along a last axis of extent 2";
  let arguments = (ins TT_Tensor:$src);
  let results = (outs TT_Tensor:$outLHS, TT_Tensor:$outRHS);
  let assemblyFormat = "$src attr-dict `:` type($src) `->` type($outLHS)";
}

def TT_GatherOp : TT_ShapeOp<"gather"> {
  let summary = "elements of src at indices along one axis (3.3 on)";
  let arguments = (ins TT_Tensor:$src, TT_IntTensor:$indices, I32Attr:$axis, UnitAttr:$efficient_layout);
  let results = (outs TT_Tensor:$result);
  let assemblyFormat = "$src `[` $indices `]` attr-dict `:` functional-type(operands, results)";
}

def TT_HistogramOp : TT_ShapeOp<"histogram", [
    OptionalTypesMatchWith<"mask is i1 of the shape of the source", "src", "mask", "maskTypeOf($_self)">]> {
  let summary = "how often each of 0, ..., n - 1 occurs; a mask excludes elements (3.4 on)";
  let arguments = (ins TT_IntTensor:$src, Optional<TT_I1Tensor>:$mask);
  let results = (outs TT_IntTensor:$result);
  let assemblyFormat = "$src (`,` $mask^)? attr-dict `:` type($src) `->` type($result)";
}

#endif
