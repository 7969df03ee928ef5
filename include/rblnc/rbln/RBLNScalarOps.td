// Functions of one element that the math dialect lacks: the bodies of element-wise operations and combiners hold them.
// Those of floats alone are rows of include/rblnc/support/ScalarOps.def (RBLNC_RBLN_OP).
#ifndef RBLNC_RBLN_SCALAR_OPS_TD
#define RBLNC_RBLN_SCALAR_OPS_TD

class RBLN_ScalarOp<string mnemonic, dag operands, dag outs, list<Trait> traits = []>
    : RBLN_Op<mnemonic, !listconcat(traits, [Pure])> {
  let arguments = operands;
  let results = outs;
}
class RBLN_UnaryFloatOp<string mnemonic>
    : RBLN_ScalarOp<mnemonic, (ins AnyFloat:$x), (outs AnyFloat:$result), [SameOperandsAndResultType]> {
  let assemblyFormat = "$x attr-dict `:` type($result)";
}
class RBLN_BinaryFloatOp<string mnemonic>
    : RBLN_ScalarOp<mnemonic, (ins AnyFloat:$x, AnyFloat:$y), (outs AnyFloat:$result), [SameOperandsAndResultType]> {
  let assemblyFormat = "$x `,` $y attr-dict `:` type($result)";
}
class RBLN_TernaryFloatOp<string mnemonic>
    : RBLN_ScalarOp<mnemonic, (ins AnyFloat:$x, AnyFloat:$y, AnyFloat:$z), (outs AnyFloat:$result),
                    [SameOperandsAndResultType]> {
  let assemblyFormat = "$x `,` $y `,` $z attr-dict `:` type($result)";
}

include "rblnc/rbln/ScalarOps.td"

def RBLN_LogBOp : RBLN_UnaryFloatOp<"logb"> { let summary = "the exponent of x, as a float"; }
def RBLN_NextAfterOp : RBLN_ScalarOp<"nextafter", (ins F32:$x, F32:$y), (outs F32:$result)> {
  let summary = "the float32 next to x in the direction of y";
  let assemblyFormat = "$x `,` $y attr-dict `:` type($result)";
}
def RBLN_LdexpOp : RBLN_ScalarOp<"ldexp", (ins AnyFloat:$x, I32:$n), (outs AnyFloat:$result),
                                 [AllTypesMatch<["x", "result"]>]> {
  let summary = "x * 2^n, rounded once";
  let assemblyFormat = "$x `,` $n attr-dict `:` type($result)";
}
def RBLN_BitReverseOp : RBLN_ScalarOp<"bitreverse", (ins AnySignlessInteger:$x), (outs AnySignlessInteger:$result),
                                      [SameOperandsAndResultType]> {
  let summary = "the bits in reverse order";
  let assemblyFormat = "$x attr-dict `:` type($result)";
}

#endif
