#include "Scalars.h"

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
  // One row for each operation that a vector program can hold.
  static const llvm::StringMap<Op> table = {
      {"arith.addf", Op::addf},
      {"arith.subf", Op::subf},
      {"arith.mulf", Op::mulf},
      {"arith.divf", Op::divf},
      {"arith.remf", Op::remf},
      {"arith.negf", Op::negf},
      {"math.absf", Op::absf},
      {"math.ceil", Op::ceil},
      {"math.floor", Op::floor},
      {"math.cos", Op::cos},
      {"math.sin", Op::sin},
      {"math.erf", Op::erf},
      {"math.exp", Op::exp},
      {"math.exp2", Op::exp2},
      {"math.log", Op::log},
      {"math.log2", Op::log2},
      {"math.sqrt", Op::sqrt},
      {"math.rsqrt", Op::rsqrt},
      {"math.fma", Op::fma},
      {"math.tanh", Op::tanh},
      {"math.absi", Op::absi},
      {"arith.maxnumf", Op::maxnumf},
      {"arith.minnumf", Op::minnumf},
      {"arith.maximumf", Op::maximumf},
      {"arith.minimumf", Op::minimumf},
      {"arith.addi", Op::addi},
      {"arith.subi", Op::subi},
      {"arith.muli", Op::muli},
      {"arith.divsi", Op::divsi},
      {"arith.divui", Op::divui},
      {"arith.remsi", Op::remsi},
      {"arith.remui", Op::remui},
      {"arith.andi", Op::andi},
      {"arith.ori", Op::ori},
      {"arith.xori", Op::xori},
      {"arith.shli", Op::shli},
      {"arith.shrsi", Op::shrsi},
      {"arith.shrui", Op::shrui},
      {"arith.maxsi", Op::maxsi},
      {"arith.maxui", Op::maxui},
      {"arith.minsi", Op::minsi},
      {"arith.minui", Op::minui},
      {"arith.select", Op::select},
      {"arith.extf", Op::extf},
      {"arith.truncf", Op::truncf},
      {"arith.extsi", Op::extsi},
      {"arith.extui", Op::extui},
      {"arith.trunci", Op::trunci},
      {"arith.sitofp", Op::sitofp},
      {"arith.uitofp", Op::uitofp},
      {"arith.fptosi", Op::fptosi},
      {"arith.fptoui", Op::fptoui},
      {"arith.bitcast", Op::bitcast},
      {"arith.cmpf", Op::cmpf},
      {"arith.cmpi", Op::cmpi},
      {"arith.constant", Op::constant},
      {"arith.mului_extended", Op::mulhui},
  };
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
