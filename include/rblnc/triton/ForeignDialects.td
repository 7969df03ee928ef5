// The few operations and attributes of other dialects that TTIR uses and that need no more than to be read and printed.
// The real `llvm` and `gpu` dialects are far larger: loading `llvm` alone costs two milliseconds a run.
#ifndef RBLNC_TRITON_NEIGHBOURS_TD
#define RBLNC_TRITON_NEIGHBOURS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def LLVMSubset_Dialect : Dialect {
  let name = "llvm";
  let cppNamespace = "::rblnc::tt";
  let summary = "what TTIR uses of the llvm dialect";
  let extraClassDeclaration = [{
    ::mlir::Attribute parseAttribute(::mlir::DialectAsmParser &parser, ::mlir::Type type) const override;
    void printAttribute(::mlir::Attribute attribute, ::mlir::DialectAsmPrinter &printer) const override;
  }];
}

def GPUSubset_Dialect : Dialect {
  let name = "gpu";
  let cppNamespace = "::rblnc::tt";
  let summary = "what TTIR uses of the gpu dialect";
}

def TTGSubset_Dialect : Dialect {
  let name = "ttg";
  let cppNamespace = "::rblnc::tt";
  let summary = "what TTIR uses of Triton's ttg dialect";
}

def LLVMSubset_LoopHintAttr : AttrDef<LLVMSubset_Dialect, "LoopHint"> {
  let attrName = "llvm.loop_hint";
  let summary = "`#llvm.loop_annotation<key = value, ...>` and its like";
  let description = "A hint nested in another one may leave its kind out: `<licm = <disable = true>>`.";
  let parameters = (ins "::mlir::StringAttr":$kind, "::mlir::DictionaryAttr":$values);
}

def LLVMSubset_AssumeOp : Op<LLVMSubset_Dialect, "intr.assume"> {
  let summary = "the condition holds (tl.assume, 3.2 on)";
  let arguments = (ins I1:$condition);
  let assemblyFormat = "$condition attr-dict `:` type($condition)";
}

def LLVMSubset_UndefOp : Op<LLVMSubset_Dialect, "mlir.undef", [Pure]> {
  let summary = "a value that nobody may look at (3.0 and 3.1)";
  let results = (outs AnyType:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def GPUSubset_GPUBarrierOp : Op<GPUSubset_Dialect, "barrier"> {
  let summary = "tl.debug_barrier, 3.0 to 3.6";
  let assemblyFormat = "attr-dict";
}

def TTGSubset_TTGBarrierOp : Op<TTGSubset_Dialect, "barrier"> {
  let summary = "tl.debug_barrier, 3.7 on";
  let description = "The memories that it orders, `all` or names with `|` between them, are kept as text.";
  let arguments = (ins AnyAttrOf<[StrAttr, I32Attr]>:$addrSpace);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

#endif
