#include "Scalars.h"

#include "rblnc/bundle/Ops.h"
#include "rblnc/ir/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace rblnc::codegen {

bundle::DType dtypeOf(Type element) { return static_cast<bundle::DType>(*rblnc::dtypeOf(element)); }

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
