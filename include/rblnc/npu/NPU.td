// The `npu` dialect: the device's commands over named memories. It is what is encoded into a bundle.
#ifndef RBLNC_NPU_NPU_TD
#define RBLNC_NPU_NPU_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "rblnc/npu/CommandInterface.td"

def NPU_Dialect : Dialect {
  let name = "npu";
  let cppNamespace = "::rblnc::npu";
  let summary = "device commands over DRAM, shared SRAM and the engines' scratchpads";
  let description = [{
    One `npu.program` holds a flat list of commands. Each command names the queue that runs it; the commands of one
    queue run in the order of the list, and queues run at the same time, ordered only by `npu.signal` and `npu.wait`.
    Memory is declared by `npu.argument`, `npu.constant` (DRAM) and `npu.buffer` (any memory), whose results the commands
    refer to. The meaning of each command is that of its table in src/bundle/bundle.fbs.

    While a program is planned, commands that depend on a condition stand between `npu.branch` and `npu.join`;
    synchronisation turns that into an `npu.skip` for each queue.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

//===----------------------------------------------------------------------===//
// Enumerations, types, attributes
//===----------------------------------------------------------------------===//

def NPU_Unit : I32EnumAttr<"Unit", "a unit that runs commands", [
    I32EnumAttrCase<"CommandProcessor", 0, "command_processor">, I32EnumAttrCase<"NeuralEngine", 1, "neural_engine">,
    I32EnumAttrCase<"NeuralDma", 2, "neural_dma">, I32EnumAttrCase<"TaskDma", 3, "task_dma">]> {
  let cppNamespace = "::rblnc::npu";
}

def NPU_Space : I32EnumAttr<"Space", "a memory that buffers lie in", [
    I32EnumAttrCase<"Dram", 0, "dram">, I32EnumAttrCase<"Shared", 1, "shared">, I32EnumAttrCase<"Scratchpad", 2, "scratchpad">]> {
  let cppNamespace = "::rblnc::npu";
}

def NPU_Indexing : I32EnumAttr<"Indexing", "the side of a transfer whose rows are chosen by indices", [
    I32EnumAttrCase<"Gather", 0, "gather">, I32EnumAttrCase<"Scatter", 1, "scatter">]> {
  let cppNamespace = "::rblnc::npu";
}

// What is encoded in 32 bits, and byte counts and addresses: sums and products with an element's size do not overflow.
def NPU_Number : ConfinedAttr<I64Attr, [IntNonNegative, IntMaxValue<2147483647>]>;
def NPU_Bytes : ConfinedAttr<I64Attr, [IntNonNegative, IntMaxValue<288230376151711744>]>;

def NPU_Memory : TypeDef<NPU_Dialect, "Memory">,
                 BuildableType<"::rblnc::npu::MemoryType::get($_builder.getContext())"> {
  let mnemonic = "memory";
  let summary = "a DRAM region or an SRAM buffer";
}

def NPU_Queue : AttrDef<NPU_Dialect, "Queue"> {
  let mnemonic = "queue";
  let summary = "a unit and its number";
  let parameters = (ins EnumParameter<NPU_Unit>:$unit, "int64_t":$index);
  let assemblyFormat = "`<` $unit $index `>`";
  let genVerifyDecl = 1;
}

def NPU_Access : AttrDef<NPU_Dialect, "Access"> {
  let mnemonic = "access";
  let summary = "how a command's index space reaches into a memory";
  let description = [{
    Element [i0, i1, …] lies at element `offset + sum(scales[j] * register registers[j]) + sum(i_d * strides[d])` of the
    memory, counted in elements of `element` (i1 takes a byte).
  }];
  let parameters = (ins "::mlir::Type":$element, "int64_t":$offset, OptionalArrayRefParameter<"int64_t">:$strides,
                        OptionalArrayRefParameter<"int64_t">:$registers, OptionalArrayRefParameter<"int64_t">:$scales);
  let assemblyFormat = [{
    `<` $element `,` $offset `,` `[` (`]`) : ($strides^ `]`)? (`,` `registers` `[` $registers^ `]` `,` `scales` `[` $scales `]`)? `>`
  }];
  let genVerifyDecl = 1;
}
def NPU_AccessArray : TypedArrayAttrBase<NPU_Access, "array of accesses">;

def NPU_Register : AttrDef<NPU_Dialect, "Register"> {
  let mnemonic = "register";
  let summary = "a scalar register with the bounds of its value";
  let parameters = (ins "int64_t":$min, "int64_t":$max, StringRefParameter<>:$name);
  let assemblyFormat = "`<` $min `,` $max `,` $name `>`";
}
def NPU_RegisterArray : TypedArrayAttrBase<NPU_Register, "array of registers">;

def NPU_Clip : AttrDef<NPU_Dialect, "Clip"> {
  let mnemonic = "clip";
  let summary = "the part of a transfer that exists, along one axis";
  let description = [{
    Element i along `axis` takes part iff `lo + lo_scale * r <= i < hi + hi_scale * r`, where r is the value of `reg`
    (0 when `reg` is -1).
  }];
  let parameters = (ins "int64_t":$axis, "int64_t":$lo, "int64_t":$hi, DefaultValuedParameter<"int64_t", "-1">:$reg,
                        DefaultValuedParameter<"int64_t", "0">:$lo_scale,
                        DefaultValuedParameter<"int64_t", "0">:$hi_scale);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}
def NPU_ClipArray : TypedArrayAttrBase<NPU_Clip, "array of clips">;

class NPU_Op<string mnemonic, list<Trait> traits = []> : Op<NPU_Dialect, mnemonic, traits>;
// A command; `methods` are those of the interface whose default does not suit it (src/npu/commands has their definitions).
class NPU_Command<string mnemonic, list<string> methods, list<Trait> traits = []>
    : NPU_Op<mnemonic, [DeclareOpInterfaceMethods<NPU_CommandInterface, methods>] # traits>;

//===----------------------------------------------------------------------===//
// Program and memories
//===----------------------------------------------------------------------===//

def NPU_ProgramOp : NPU_Op<"program", [IsolatedFromAbove, Symbol, NoTerminator, SingleBlock]> {
  let summary = "one kernel for one target";
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$target, NPU_RegisterArray:$registers,
                       DefaultValuedAttr<NPU_Number, "0">:$semaphores);
  let regions = (region SizedRegion<1>:$body);
  let hasRegionVerifier = 1;
  let assemblyFormat = [{
    $sym_name `target` $target `registers` $registers `semaphores` $semaphores attr-dict-with-keyword $body
  }];
}

def NPU_ArgumentOp : NPU_Op<"argument"> {
  let summary = "a kernel argument's array in DRAM";
  let description = [{
    `direction` is "in", "out" or "inout". A `scalar` is one element. With `extent_only` the shape is the number of
    elements that the kernel may touch, not the array's own shape.
  }];
  let arguments = (ins StrAttr:$name, DenseI64ArrayAttr:$shape, TypeAttr:$element, StrAttr:$direction,
                       UnitAttr:$scalar, UnitAttr:$extent_only);
  let results = (outs NPU_Memory:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$name $element $shape $direction (`scalar` $scalar^)? (`extent_only` $extent_only^)? attr-dict";
}

def NPU_ConstantOp : NPU_Op<"constant"> {
  let summary = "constant data in DRAM";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs NPU_Memory:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$value attr-dict";
}

def NPU_BufferOp : NPU_Op<"buffer"> {
  let summary = "a buffer in an engine's scratchpad, in shared SRAM or in DRAM";
  let description = [{
    `offset` (bytes) is there once memory is planned. Buffers in DRAM lie in the program's workspace.
  }];
  let arguments = (ins NPU_Space:$space, NPU_Number:$unit, NPU_Bytes:$bytes, OptionalAttr<NPU_Bytes>:$offset, StrAttr:$name);
  let results = (outs NPU_Memory:$result);
  let assemblyFormat = "$name $space $unit `bytes` $bytes (`at` $offset^)? attr-dict";
}

def NPU_Overflow : AttrDef<NPU_Dialect, "Overflow"> {
  let mnemonic = "overflow";
  let summary = "an operation on integers that address memory, whose result must fit its type";
  let description = [{
    As `#rbln.overflow`, but the factors are those of the loaded register and of `registers`, and `unless` holds registers.
  }];
  let parameters = (ins StringRefParameter<"the operator">:$operation, "int64_t":$width,
                        OptionalArrayRefParameter<"int64_t">:$registers,
                        ArrayRefParameter<"int64_t">:$lhs, ArrayRefParameter<"int64_t">:$rhs,
                        OptionalArrayRefParameter<"int64_t">:$unless,
                        DefaultValuedParameter<"int64_t", "0">:$partition, "::mlir::LocationAttr":$place);
  let assemblyFormat = [{
    `<` $operation `,` $width `,` (`registers` `[` $registers^ `]` `,`)? `[` $lhs `]` `,` `[` $rhs `]`
    (`unless` `[` $unless^ `]`)? (`partition` $partition^)? `,` $place `>`
  }];
  let genVerifyDecl = 1;
}
def NPU_OverflowArray : TypedArrayAttrBase<NPU_Overflow, "overflow checks">;

//===----------------------------------------------------------------------===//
// Commands
//===----------------------------------------------------------------------===//

def NPU_DmaOp : NPU_Command<"dma", ["getTouches", "setAccess", "getOtherRegisters", "getCost"]> {
  let summary = "copies a strided block";
  let description = [{ With `layout_change` it moves a tensor's elements only because its layout does not suit a reshape. }];
  let arguments = (ins NPU_Queue:$queue, DenseI64ArrayAttr:$shape, NPU_Memory:$source, NPU_Access:$source_access,
                       NPU_Memory:$destination, NPU_Access:$destination_access,
                       OptionalAttr<NPU_ClipArray>:$clips, OptionalAttr<TypedAttrInterface>:$fill,
                       UnitAttr:$layout_change);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $queue $shape $source $source_access `to` $destination $destination_access (`clips` $clips^)? (`fill` $fill^)?
    (`layout_change` $layout_change^)? attr-dict
  }];
}

def NPU_IndexedDmaOp : NPU_Command<"indexed_dma", ["getTouches", "setAccess", "getOtherRegisters", "getCost"]> {
  let summary = "moves rows whose numbers stand in memory";
  let description = [{
    A gather reads, and a scatter writes, rows that are chosen while it runs: where the access of that side has an index
    along `axis`, the number is taken that `indices` (i32 or i64) has at the same place of the index space. The numbers
    are those of `rows` rows, 0 to `rows` - 1; any other stops the run (RBLN-R038) before anything is moved.

    Dimensions along which `indices` has stride 0, but for `axis`, are those of a row. Where `mask` (i1) is 0, a row is
    not moved and its number not looked at; the mask does not move within a row. Clips are of dimensions of a row. What a
    gather does not read, because of the mask or of clips, becomes `fill`, or stays as it is without one. Rows are moved
    one after the other, in row-major order of the other dimensions: of rows that are scattered to one place, the last
    stays.

    `indices` and `mask` lie in buffers. The destination overlaps nothing that is read.
  }];
  let arguments = (ins NPU_Queue:$queue, NPU_Indexing:$indexing, DenseI64ArrayAttr:$shape, NPU_Number:$axis,
                       NPU_Bytes:$rows, NPU_Memory:$source, NPU_Access:$source_access,
                       NPU_Memory:$indices, NPU_Access:$indices_access,
                       Optional<NPU_Memory>:$mask, OptionalAttr<NPU_Access>:$mask_access,
                       NPU_Memory:$destination, NPU_Access:$destination_access,
                       OptionalAttr<NPU_ClipArray>:$clips, OptionalAttr<TypedAttrInterface>:$fill);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $queue $indexing $shape `axis` $axis `of` $rows $source $source_access `by` $indices $indices_access
    (`mask` $mask^ $mask_access)? `to` $destination $destination_access (`clips` $clips^)? (`fill` $fill^)? attr-dict
  }];
}

def NPU_MatmulOp : NPU_Command<"matmul", ["getTouches", "setAccess", "getCost"]> {
  let summary = "d = c + a x b over batch, m, n and k";
  let description = [{ The index space is `batch` followed by m, n and k; without `c` the sum starts at zero. }];
  let arguments = (ins NPU_Queue:$queue, DenseI64ArrayAttr:$batch, DenseI64ArrayAttr:$mnk,
                       NPU_Memory:$a, NPU_Access:$a_access, NPU_Memory:$b, NPU_Access:$b_access,
                       Optional<NPU_Memory>:$c, OptionalAttr<NPU_Access>:$c_access,
                       NPU_Memory:$d, NPU_Access:$d_access);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $queue $batch $mnk $a $a_access `,` $b $b_access (`plus` $c^ $c_access)? `to` $d $d_access attr-dict
  }];
}

def NPU_VectorOp : NPU_Command<"vector", ["getTouches", "setAccess", "getCost"], [AttrSizedOperandSegments, SingleBlock]> {
  let summary = "a program of scalar operations over an index space, with reductions along its rows";
  let description = [{
    The index space is `outer` (independent rows) followed by `inner` (the elements of a row). The region's arguments are
    the elements read from the inputs; its operations are scalar `arith` and `math` operations, `npu.index` and
    `npu.reduce`; `npu.yield` gives one value per output.
  }];
  let arguments = (ins NPU_Queue:$queue, DenseI64ArrayAttr:$outer, DenseI64ArrayAttr:$inner,
                       Variadic<NPU_Memory>:$inputs, NPU_AccessArray:$input_accesses,
                       Variadic<NPU_Memory>:$outputs, NPU_AccessArray:$output_accesses);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $queue $outer $inner `ins` `(` $inputs `)` $input_accesses `outs` `(` $outputs `)` $output_accesses
    attr-dict-with-keyword $body
  }];
}

def NPU_LoadScalarOp : NPU_Command<"load_scalar", ["getTouches", "setAccess", "getOtherRegisters", "getLoadedRegister"]> {
  let summary = "reads an integer into a register";
  let arguments = (ins NPU_Queue:$queue, NPU_Number:$reg, NPU_Memory:$source, NPU_Access:$source_access,
                       OptionalAttr<NPU_OverflowArray>:$checks);
  let assemblyFormat = "$queue $reg $source $source_access (`checks` $checks^)? attr-dict";
}

def NPU_SkipOp : NPU_Command<"skip", []> {
  let summary = "skips the next commands of the queue when a register is zero, or is not";
  let arguments = (ins NPU_Queue:$queue, NPU_Number:$reg, UnitAttr:$when_zero, NPU_Number:$count);
  let assemblyFormat = "$queue $reg (`when_zero` $when_zero^)? `count` $count attr-dict";
}

def NPU_BranchOp : NPU_Op<"branch"> {
  let summary = "the commands up to the next npu.join are skipped when a register is zero, or is not";
  let description = [{ Branches do not nest. }];
  let arguments = (ins NPU_Number:$reg, UnitAttr:$when_zero);
  let assemblyFormat = "$reg (`when_zero` $when_zero^)? attr-dict";
}

def NPU_JoinOp : NPU_Op<"join"> {
  let summary = "ends a branch";
  let arguments = (ins);
  let assemblyFormat = "attr-dict";
}

def NPU_SignalOp : NPU_Command<"signal", []> {
  let summary = "adds 1 to a semaphore when the queue's earlier commands are done";
  let arguments = (ins NPU_Queue:$queue, NPU_Number:$semaphore);
  let assemblyFormat = "$queue $semaphore attr-dict";
}

def NPU_WaitOp : NPU_Command<"wait", []> {
  let summary = "blocks the queue until a semaphore has reached a value";
  let arguments = (ins NPU_Queue:$queue, NPU_Number:$semaphore, NPU_Number:$value);
  let assemblyFormat = "$queue $semaphore `reaches` $value attr-dict";
}

//===----------------------------------------------------------------------===//
// Inside vector programs
//===----------------------------------------------------------------------===//

def NPU_IndexOp : NPU_Op<"index", [Pure]> {
  let summary = "the position along one dimension of the index space (outer dimensions come first)";
  let arguments = (ins NPU_Number:$dimension);
  let results = (outs AnySignlessInteger:$result);
  let assemblyFormat = "$dimension attr-dict `:` type($result)";
}

def NPU_ReduceOp : NPU_Op<"reduce", [Pure, SingleBlock, RecursiveMemoryEffects, SameVariadicOperandSize]> {
  let summary = "combines a row's elements into one value a row";
  let description = [{ As `rbln.reduce`, along all inner dimensions. }];
  let arguments = (ins Variadic<AnyType>:$inputs);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$combiner);
  let hasRegionVerifier = 1;
  let assemblyFormat = "$inputs attr-dict-with-keyword `:` functional-type($inputs, $results) $combiner";
}

def NPU_YieldOp : NPU_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["VectorOp", "ReduceOp"]>]> {
  let summary = "ends a region with its results";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif
