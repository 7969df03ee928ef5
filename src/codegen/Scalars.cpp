#include "Scalars.h"

#include "rblnc/bundle/Ops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace rblnc::codegen {

bundle::DType dtypeOf(Type element) {
  if (element.isF32())
    return bundle::DType::f32;
  if (element.isF16())
    return bundle::DType::f16;
  if (element.isBF16())
    return bundle::DType::bf16;
  switch (element.getIntOrFloatBitWidth()) {
  case 1:
    return bundle::DType::i1;
  case 8:
    return bundle::DType::i8;
  case 16:
    return bundle::DType::i16;
  case 32:
    return bundle::DType::i32;
  default:
    return bundle::DType::i64;
  }
}

int64_t bytesOf(bundle::DType dtype) {
  switch (dtype) {
  case bundle::DType::i1:
  case bundle::DType::i8:
    return 1;
  case bundle::DType::i16:
  case bundle::DType::f16:
  case bundle::DType::bf16:
    return 2;
  case bundle::DType::i32:
  case bundle::DType::f32:
    return 4;
  case bundle::DType::i64:
    return 8;
  }
  return 8;
}

uint64_t bitsOf(Attribute number) {
  if (auto floating = dyn_cast<FloatAttr>(number))
    return floating.getValue().bitcastToAPInt().getZExtValue();
  return cast<IntegerAttr>(number).getValue().getZExtValue();
}

std::optional<Opcode> opcodeOf(Operation *op) {
  using bundle::Op;
  static const llvm::StringMap<Op> table = [] {
    llvm::StringMap<Op> table;
    for (const bundle::OpInfo &info : bundle::allOps())
      if (!info.ir.empty())
        table[info.ir] = info.op;
    return table;
  }();
  auto row = table.find(op->getName().getStringRef());
  if (row == table.end())
    return std::nullopt;
  Opcode opcode{row->second};
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    opcode.immediate = static_cast<uint64_t>(compare.getPredicate());
  else if (auto compare = dyn_cast<arith::CmpIOp>(op))
    opcode.immediate = static_cast<uint64_t>(compare.getPredicate());
  else if (auto constant = dyn_cast<arith::ConstantOp>(op))
    opcode.immediate = bitsOf(constant.getValue());
  return opcode;
}

} // namespace rblnc::codegen
