// One scalar operation over arrays, as the vector programs of a bundle compute it: for interpreters.
#pragma once

#include "rblnc/bundle/Ops.h"

namespace rblnc::emulator {

/// An array as memory holds it.
struct ConstArray {
  bundle::DType dtype;
  const void *data;
};

/// What f32 is rounded to: nothing under IEEE numerics, else the chip's compute type.
enum class ComputeType : uint8_t { ieee, dlf16, bf16 };

/// Sets `count` elements of `result` at `out` to what the operation makes of those of the operands, which `out` may
/// overlap only where it is the same array with elements of the same size. Returns what is wrong with the operation's
/// number of operands, dtypes or immediate, or nothing. Operations without operands are wrong.
std::string compute(bundle::Op op, uint64_t imm, bundle::DType result, void *out, std::span<const ConstArray> operands,
                    size_t count, ComputeType type);

/// The same for instructions one after the other: their operands are values that are numbered from `operands` on, then
/// one an instruction, and may be constants; `out` is set to that of number `value`, of dtype `result`. `out` overlaps
/// no operand.
std::string compute(std::span<const bundle::Instruction> instructions, int32_t value, bundle::DType result, void *out,
                    std::span<const ConstArray> operands, size_t count, ComputeType type);

/// Rounds floats in place, as whatever reads or writes f32 does.
void roundToComputeType(float *values, size_t count, ComputeType type);

} // namespace rblnc::emulator
