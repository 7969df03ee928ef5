// The `rbln` dialect: what RBLN IR adds to linalg, tensor, arith and math.
#ifndef RBLNC_RBLN_RBLN_TD
#define RBLNC_RBLN_RBLN_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def RBLN_Dialect : Dialect {
  let name = "rbln";
  let cppNamespace = "::rblnc::rbln";
  let summary = "RBLN IR: block memory access, dynamic indices and reductions over static tensors";
  let description = [{
    A kernel in RBLN IR is one `func.func` whose arguments are `!rbln.array`s and whose body works on static tensors with
    value semantics. Element-wise operations, broadcasts, transposes and products are `linalg.generic`, reshapes are
    `tensor.expand_shape` and `tensor.collapse_shape`, constants are `arith.constant`; this dialect holds the rest,
    RBLN's specialised operations among it. The one branch is `scf.if` on the element of an `rbln.partition_skip`
    (taken out with `tensor.extract`); branches do not nest.

    Scalars are tensors of rank 0. A scalar kernel argument is an array of rank 0 with the argument attribute
    `rbln.scalar`. Argument attributes: `rbln.name` (the Python name), `rbln.scalar`, and `rbln.extent_only` where the
    kernel's accesses tell how many elements the array has but not its shape.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

//===----------------------------------------------------------------------===//
// Types and attributes
//===----------------------------------------------------------------------===//

class RBLN_Type<string name, string typeMnemonic> : TypeDef<RBLN_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def RBLN_Array : RBLN_Type<"Array", "array"> {
  let summary = "a row-major array in device memory";
  let description = [{
    `!rbln.array<8x64xf32>`: static shape (rank 0 for a scalar argument), element type i1 (one byte an element), i8, i16,
    i32, i64, f16, bf16 or f32. Elements are addressed linearly, in row-major order, from 0 to the product of the shape.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The number of elements.
    int64_t getNumElements() const;
  }];
}

def RBLN_Index : RBLN_Type<"Index", "index"> {
  let summary = "an integer that is known only when the kernel runs, with its bounds";
  let description = [{
    `!rbln.index<0, 1024>`: the value lies in [min, max], both inclusive; the emulator checks it when it is read.
  }];
  let parameters = (ins "int64_t":$min, "int64_t":$max);
  let assemblyFormat = "`<` $min `,` $max `>`";
  let genVerifyDecl = 1;
}

def RBLN_Overflow : AttrDef<RBLN_Dialect, "Overflow"> {
  let mnemonic = "overflow";
  let summary = "an operation on integers that address memory, whose result must fit its type";
  let description = [{
    `lhs operation rhs`, computed without bounds, fits a signed integer of `width` bits; the emulator stops at `place` when it
    does not. `operation` is "+", "-", "*", "<<", or "" for lhs alone. lhs and rhs are a constant and then a factor for each
    of the integers that the check is about: the one that is loaded, and the `others` of the operation that has the check.
    Nothing is checked where one of the integers with the numbers in `unless` is zero.

    "append" and "append last" are about rows instead: `rhs` rows are inserted behind the first `lhs` of a partition of so
    many rows, and those that do not fit are lost. With "append" a later partition takes the rows where this one is full.
  }];
  let parameters = (ins StringRefParameter<"the operator">:$operation, "int64_t":$width,
                        ArrayRefParameter<"int64_t">:$lhs, ArrayRefParameter<"int64_t">:$rhs,
                        OptionalArrayRefParameter<"int64_t">:$unless,
                        DefaultValuedParameter<"int64_t", "0">:$partition, "::mlir::LocationAttr":$place);
  let assemblyFormat = [{
    `<` $operation `,` $width `,` `[` $lhs `]` `,` `[` $rhs `]` (`unless` `[` $unless^ `]`)?
    (`partition` $partition^)? `,` $place `>`
  }];
  let genVerifyDecl = 1;
}
def RBLN_OverflowArray : TypedArrayAttrBase<RBLN_Overflow, "overflow checks">;

def RBLN_Clip : AttrDef<RBLN_Dialect, "Clip"> {
  let mnemonic = "clip";
  let summary = "the part of a block that exists in memory, along one axis";
  let description = [{
    Element i along `axis` takes part iff `lo + lo_scale * t <= i < hi + hi_scale * t`, where t is the value of the
    access's dynamic term number `term` (0 when `term` is -1).
  }];
  let parameters = (ins "int64_t":$axis, "int64_t":$lo, "int64_t":$hi,
                        DefaultValuedParameter<"int64_t", "-1">:$term,
                        DefaultValuedParameter<"int64_t", "0">:$lo_scale,
                        DefaultValuedParameter<"int64_t", "0">:$hi_scale);
  let assemblyFormat = "`<` struct(params) `>`";
}
def RBLN_ClipArray : TypedArrayAttrBase<RBLN_Clip, "array of clips">;

def RBLN_Tensor : StaticShapeTensorOf<[I1, I8, I16, I32, I64, F16, BF16, F32]>;

class RBLN_Op<string mnemonic, list<Trait> traits = []> : Op<RBLN_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

def RBLN_LoadOp : RBLN_Op<"load", [AttrSizedOperandSegments, MemoryEffects<[MemRead]>]> {
  let summary = "reads a strided block of an array";
  let description = [{
    Element [i0, i1, …] of the result is the array's element number `offset + sum(terms[j] * scales[j]) +
    sum(i_d * strides[d])`. Elements outside a clip are not read; they have the value `padding` (zero without it).

    ```mlir
    %x = rbln.load %a at 128 strides [64, 1] : !rbln.array<16x64xf32> -> tensor<8x64xf32>
    %y = rbln.load %a at 0 plus (%i) times [64] strides [64, 1] clips [#rbln.clip<axis = 0, lo = 0, hi = 5>]
           padding 0.0 : f32 : (!rbln.index<0, 8>) : !rbln.array<16x64xf32> -> tensor<8x64xf32>
    ```
  }];
  let arguments = (ins RBLN_Array:$array, Variadic<RBLN_Index>:$terms, Variadic<RBLN_Index>:$clipTerms,
                       I64Attr:$offset, DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$scales,
                       DenseI64ArrayAttr:$strides, OptionalAttr<RBLN_ClipArray>:$clips,
                       OptionalAttr<TypedAttrInterface>:$padding);
  let results = (outs RBLN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $array `at` $offset (`plus` `(` $terms^ `:` type($terms) `)` `times` $scales)? `strides` $strides
    (`clips` $clips^)? (`clip_terms` `(` $clipTerms^ `:` type($clipTerms) `)`)? (`padding` $padding^)?
    attr-dict `:` type($array) `->` type($result)
  }];
}

def RBLN_StoreOp : RBLN_Op<"store", [AttrSizedOperandSegments, MemoryEffects<[MemWrite]>]> {
  let summary = "writes a strided block of an array";
  let description = [{
    The counterpart of `rbln.load`: elements outside a clip are not written. No two elements of the block may have the
    same address.
  }];
  let arguments = (ins RBLN_Tensor:$value, RBLN_Array:$array, Variadic<RBLN_Index>:$terms,
                       Variadic<RBLN_Index>:$clipTerms,
                       I64Attr:$offset, DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$scales,
                       DenseI64ArrayAttr:$strides, OptionalAttr<RBLN_ClipArray>:$clips);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $value `,` $array `at` $offset (`plus` `(` $terms^ `:` type($terms) `)` `times` $scales)? `strides` $strides
    (`clips` $clips^)? (`clip_terms` `(` $clipTerms^ `:` type($clipTerms) `)`)?
    attr-dict `:` type($value) `->` type($array)
  }];
}

def RBLN_ToIndexOp : RBLN_Op<"to_index", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "makes a dynamic index from an integer scalar";
  let description = [{
    The value must lie in the bounds of the result type; the emulator stops with the Python line when it does not. Before
    that it looks at the `checks`, which are about the value and the `others`.
  }];
  let arguments = (ins RBLN_Tensor:$value, Variadic<RBLN_Index>:$others, OptionalAttr<RBLN_OverflowArray>:$checks);
  let results = (outs RBLN_Index:$result);
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "::mlir::Value":$value), [{
    build($_builder, $_state, type, value, ::mlir::ValueRange(), ::mlir::ArrayAttr());
  }]>];
  let hasVerifier = 1;
  let assemblyFormat = [{
    $value (`with` `(` $others^ `:` type($others) `)`)? (`checks` $checks^)? attr-dict `:` type($value) `->` type($result)
  }];
}

//===----------------------------------------------------------------------===//
// Compute
//===----------------------------------------------------------------------===//

def RBLN_ReduceOp : RBLN_Op<"reduce", [Pure, SameVariadicOperandSize, SingleBlock, RecursiveMemoryEffects]> {
  let summary = "combines the elements along one axis, keeping the axis with extent 1";
  let description = [{
    The region gets N left and N right scalars and yields N combined ones. The combination starts from the elements
    themselves (there is no initial value), must be associative, and keeps the order of the elements; the association
    is the device's choice. Operands have one shape; each result has it with extent 1 at `axis`.
  }];
  let arguments = (ins Variadic<RBLN_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Variadic<RBLN_Tensor>:$results);
  let regions = (region SizedRegion<1>:$combiner);
  let hasVerifier = 1;
  let assemblyFormat = "$inputs `axis` $axis attr-dict-with-keyword `:` functional-type($inputs, $results) $combiner";
}

include "rblnc/rbln/RBLNScalarOps.td"
include "rblnc/rbln/RBLNSpecialisedOps.td"

def RBLN_YieldOp : RBLN_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["ReduceOp"]>]> {
  let summary = "ends a region with its results";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif
