// Operations with a region that is applied to elements. They print in MLIR's generic form, as in every release.
#ifndef RBLNC_TRITON_REDUCE_OPS_TD
#define RBLNC_TRITON_REDUCE_OPS_TD

include "mlir/Interfaces/SideEffectInterfaces.td"
include "rblnc/triton/TritonAttributes.td"
include "rblnc/triton/TritonTypes.td"

class TT_RegionOp<string mnemonic, list<Trait> traits = []>
    : TT_Op<mnemonic, !listconcat(traits, [RecursiveMemoryEffects, RecursivelySpeculatable])> {
  // The region is checked after its operations are known to be well formed.
  let hasRegionVerifier = 1;
}

class TT_RegionReturnOp<string mnemonic, string parent>
    : TT_Op<mnemonic, [Pure, Terminator, ReturnLike, HasParent<parent>]> {
  let arguments = (ins Variadic<AnyType>:$result);
  let assemblyFormat = "attr-dict ($result^ `:` type($result))?";
}

def TT_ReduceOp : TT_RegionOp<"reduce", [SingleBlock]> {
  let summary = "combine the elements along one axis; the results lose that axis";
  let description = [{
    N operands of one shape. The region takes N accumulators, then N values, and returns N accumulators. A result of
    a rank-1 operand is a scalar.
  }];
  let arguments = (ins Variadic<TT_Tensor>:$srcs, I32Attr:$axis);
  let results = (outs Variadic<TT_Type>:$result);
  let regions = (region SizedRegion<1>:$combineOp);
  let hasVerifier = 1;
}
def TT_ReduceReturnOp : TT_RegionReturnOp<"reduce.return", "ReduceOp"> {
  let summary = "the combined values";
}

def TT_ScanOp : TT_RegionOp<"scan", [SingleBlock]> {
  let summary = "running combination of the elements along one axis";
  let arguments = (ins Variadic<TT_Tensor>:$srcs, I32Attr:$axis, BoolAttr:$reverse);
  let results = (outs Variadic<TT_Tensor>:$result);
  let regions = (region SizedRegion<1>:$combineOp);
  let hasVerifier = 1;
}
def TT_ScanReturnOp : TT_RegionReturnOp<"scan.return", "ScanOp"> {
  let summary = "the combined values";
}

def TT_MapElementwiseOp : TT_RegionOp<"map_elementwise"> {
  let summary = "apply a scalar function, which may branch, to `pack` elements at a time (3.5 on)";
  let description = [{
    The region takes `pack` elements of each of the N operands in turn and returns `pack` elements of each result.
  }];
  let arguments = (ins Variadic<TT_Tensor>:$srcs, I32Attr:$pack);
  let results = (outs Variadic<TT_Tensor>:$result);
  let regions = (region AnyRegion:$scalarOp);
  let hasVerifier = 1;
}
def TT_MapElementwiseReturnOp : TT_RegionReturnOp<"map_elementwise.return", "MapElementwiseOp"> {
  let summary = "the elements of the results";
}

#endif
