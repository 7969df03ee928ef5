// Matrix products.
#ifndef RBLNC_TRITON_DOT_OPS_TD
#define RBLNC_TRITON_DOT_OPS_TD

include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "rblnc/triton/TritonAttributes.td"
include "rblnc/triton/TritonTypes.td"

def TT_DotOp : TT_Op<"dot", [Pure, AllTypesMatch<["c", "d"]>]> {
  let summary = "d = a * b + c over the last two axes";
  let description = [{
    a is [batch..., M, K], b is [batch..., K, N], c and d are [batch..., M, N], all of one rank (at least 2). A batch
    axis of a or b is that of c, or 1: then it is repeated.
  }];
  let arguments = (ins TT_NumericTensor:$a, TT_NumericTensor:$b, TT_NumericTensor:$c,
    DefaultValuedAttr<TT_InputPrecisionAttr, "::rblnc::tt::InputPrecision::IEEE">:$inputPrecision,
    DefaultValuedAttr<I32Attr, "0">:$maxNumImpreciseAcc);
  let results = (outs TT_NumericTensor:$d);
  let assemblyFormat = [{
    $a `,` $b `,` $c (`,` `inputPrecision` `=` $inputPrecision^)? attr-dict
    `:` type($a) `*` type($b) `->` type($d)
  }];
  let hasVerifier = 1;
}

def TT_DotScaledOp : TT_Op<"dot_scaled", [Pure, AttrSizedOperandSegments, TT_LeadingOperands<3>, AllTypesMatch<["c", "d"]>]> {
  let summary = "d = (a * a_scale) * (b * b_scale) + c, one scale per 16 or 32 elements along K (3.2 on)";
  let description = [{
    An operand of type e2m1 is an i8 tensor with two values a byte, packed along K (lhs_k_pack, rhs_k_pack) or along
    the other axis. The scales of b are [batch..., N, K / factor]. 3.2 separates the scales by commas; that is read too.
  }];
  let arguments = (ins AnyTypeOf<[TT_FloatTensor, TT_I8Tensor]>:$a, AnyTypeOf<[TT_FloatTensor, TT_I8Tensor]>:$b,
    TT_FloatTensor:$c, Optional<AnyTypeOf<[TT_FloatTensor, TT_I8Tensor]>>:$a_scale,
    Optional<AnyTypeOf<[TT_FloatTensor, TT_I8Tensor]>>:$b_scale,
    TT_ScaleDotElemTypeAttr:$a_elem_type, TT_ScaleDotElemTypeAttr:$b_elem_type, BoolAttr:$fastMath,
    DefaultValuedAttr<BoolAttr, "true">:$lhs_k_pack, DefaultValuedAttr<BoolAttr, "true">:$rhs_k_pack);
  let results = (outs TT_FloatTensor:$d);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

#endif
