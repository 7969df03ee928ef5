// The encoding of types, constants and scalar operations.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

#include <optional>

namespace rblnc::codegen {

/// Of a type that memories hold.
bundle::DType dtypeOf(mlir::Type element);
/// The bits of a number, zero-extended.
uint64_t bitsOf(mlir::Attribute number);

/// How a scalar operation of arith or math is encoded: the opcode and its immediate.
struct Opcode {
  bundle::Op op;
  uint64_t immediate = 0;
};
std::optional<Opcode> opcodeOf(mlir::Operation *op);

} // namespace rblnc::codegen
