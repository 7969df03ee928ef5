// Functions of one element that the math dialect lacks: the bodies of element-wise operations and combiners hold them.
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

def RBLN_Exp10Op : RBLN_UnaryFloatOp<"exp10"> { let summary = "10^x"; }
def RBLN_SinPiOp : RBLN_UnaryFloatOp<"sinpi"> { let summary = "sine of x half circles"; }
def RBLN_CosPiOp : RBLN_UnaryFloatOp<"cospi"> { let summary = "cosine of x half circles"; }
def RBLN_ErfInvOp : RBLN_UnaryFloatOp<"erfinv"> { let summary = "the y with erf(y) = x"; }
def RBLN_ErfcInvOp : RBLN_UnaryFloatOp<"erfcinv"> { let summary = "the y with erfc(y) = x"; }
def RBLN_ErfcxOp : RBLN_UnaryFloatOp<"erfcx"> { let summary = "e^(x^2) erfc(x)"; }
def RBLN_NormCdfOp : RBLN_UnaryFloatOp<"normcdf"> { let summary = "the normal distribution up to x"; }
def RBLN_NormCdfInvOp : RBLN_UnaryFloatOp<"normcdfinv"> { let summary = "the y with normcdf(y) = x"; }
def RBLN_LGammaOp : RBLN_UnaryFloatOp<"lgamma"> { let summary = "logarithm of the magnitude of Gamma(x)"; }
def RBLN_TGammaOp : RBLN_UnaryFloatOp<"tgamma"> { let summary = "Gamma(x)"; }
def RBLN_RCbrtOp : RBLN_UnaryFloatOp<"rcbrt"> { let summary = "1 over the cube root"; }
def RBLN_LogBOp : RBLN_UnaryFloatOp<"logb"> { let summary = "the exponent of x, as a float"; }
def RBLN_HypotOp : RBLN_BinaryFloatOp<"hypot"> { let summary = "square root of x^2 + y^2"; }
def RBLN_RHypotOp : RBLN_BinaryFloatOp<"rhypot"> { let summary = "1 over the square root of x^2 + y^2"; }
def RBLN_Norm3Op : RBLN_TernaryFloatOp<"norm3"> { let summary = "square root of x^2 + y^2 + z^2"; }
def RBLN_RNorm3Op : RBLN_TernaryFloatOp<"rnorm3"> { let summary = "1 over the square root of x^2 + y^2 + z^2"; }
def RBLN_RemainderOp : RBLN_BinaryFloatOp<"remainder"> {
  let summary = "x - n * y, where n is x / y rounded to nearest even";
}
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
