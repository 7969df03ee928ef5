// Types of the `tt` dialect and the constraints its operations put on their operands.
#ifndef RBLNC_TRITON_TYPES_TD
#define RBLNC_TRITON_TYPES_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonTypeConstraints.td"
include "rblnc/triton/TritonDialect.td"

def TT_PointerType : TypeDef<TT_Dialect, "Pointer"> {
  let mnemonic = "ptr";
  let summary = "pointer to a scalar, or to a tensor (block pointer)";
  let description = [{
    `!tt.ptr<T>` or `!tt.ptr<T, N>` with address space N; 1 is global memory and is not printed. T is an integer, a
    float, another pointer, or (up to Triton 3.7) a statically shaped tensor of those.
  }];
  let parameters = (ins "::mlir::Type":$pointeeType, "int32_t":$addressSpace);
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::Type":$pointeeType,
                                                      CArg<"int32_t", "1">:$addressSpace), [{
    return $_get(pointeeType.getContext(), pointeeType, addressSpace);
  }]>];
  let extraClassDeclaration = [{
    /// Whether this is a block pointer: one whose pointee is a tensor.
    bool pointsToTensor() const;
  }];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let skipDefaultBuilders = 1;
}

def TT_TensorDescType : TypeDef<TT_Dialect, "TensorDesc"> {
  let mnemonic = "tensordesc";
  let summary = "tensor descriptor with the shape and type of the block that it transfers";
  let description = [{
    `!tt.tensordesc<tensor<16x32xf16>>` (3.3 to 3.7) or `!tt.tensordesc<16x32xf16>` (3.8 on); both are read, the
    first is printed. The element type of an integer block is signed or unsigned here, and nowhere else.
  }];
  let parameters = (ins "::mlir::RankedTensorType":$blockType);
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::RankedTensorType":$blockType), [{
    return $_get(blockType.getContext(), blockType);
  }]>];
  let extraClassDeclaration = [{
    /// The block type with a signless element type: what a load of the whole block yields.
    ::mlir::RankedTensorType getSignlessBlockType() const;
  }];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let skipDefaultBuilders = 1;
}

// Scalars.
def TT_Float : AnyTypeOf<[F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F16, BF16, F32, F64], "floating-point">;
def TT_Int : AnyTypeOf<[I1, I<4>, I8, I16, I32, I64], "integer">;

def TT_Ptr : DialectType<TT_Dialect, CPred<"::llvm::isa<::rblnc::tt::PointerType>($_self)">, "pointer",
                         "::rblnc::tt::PointerType">;
def TT_ScalarPtr : DialectType<TT_Dialect, And<[TT_Ptr.predicate,
    CPred<"!::llvm::cast<::rblnc::tt::PointerType>($_self).pointsToTensor()">]>, "pointer to a scalar",
    "::rblnc::tt::PointerType">;
def TT_TensorPtr : DialectType<TT_Dialect, And<[TT_Ptr.predicate,
    CPred<"::llvm::cast<::rblnc::tt::PointerType>($_self).pointsToTensor()">]>, "pointer to a tensor",
    "::rblnc::tt::PointerType">;
def TT_TensorDesc : DialectType<TT_Dialect, CPred<"::llvm::isa<::rblnc::tt::TensorDescType>($_self)">,
                                "tensor descriptor", "::rblnc::tt::TensorDescType">;
def TT_Scalar : AnyTypeOf<[TT_Float, TT_Int, TT_ScalarPtr], "scalar">;

// Tensors: of any rank and any static shape.
class TT_TensorOf<list<Type> elements> : StaticShapeTensorOf<elements>;
def TT_FloatTensor : TT_TensorOf<[TT_Float]>;
def TT_IntTensor : TT_TensorOf<[TT_Int]>;
def TT_I8Tensor : TT_TensorOf<[I8]>;
def TT_I1Tensor : TT_TensorOf<[I1]>;
def TT_OffsetTensor : TT_TensorOf<[I16, I32]>;
def TT_NumericTensor : TT_TensorOf<[TT_Float, TT_Int]>;
def TT_Tensor : TT_TensorOf<[TT_Float, TT_Int, TT_ScalarPtr]>;

// A scalar or a tensor of it.
def TT_FloatLike : AnyTypeOf<[TT_Float, TT_FloatTensor], "floating-point-like">;
def TT_IntLike : AnyTypeOf<[TT_Int, TT_IntTensor], "integer-like">;
def TT_I1Like : AnyTypeOf<[I1, TT_I1Tensor], "i1-like">;
def TT_I64Like : AnyTypeOf<[I64, TT_TensorOf<[I64]>], "i64-like">;
def TT_PtrTensor : TT_TensorOf<[TT_ScalarPtr]>;
def TT_PtrLike : AnyTypeOf<[TT_ScalarPtr, TT_PtrTensor], "pointer-like">;
def TT_AnyPtr : AnyTypeOf<[TT_PtrLike, TT_TensorPtr], "pointer-like or pointer to a tensor">;
def TT_Type : AnyTypeOf<[TT_Scalar, TT_Tensor, TT_TensorPtr], "scalar, tensor or pointer">;
// Descriptors were raw pointers before 3.3.
def TT_AnyDesc : AnyTypeOf<[TT_TensorDesc, TT_ScalarPtr], "tensor descriptor or pointer">;

#endif
