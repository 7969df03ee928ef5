#include "rblnc/emulator/Compute.h"

#include "memory/HostMemory.h"
#include "units/VectorDecode.h"
#include "units/VectorReduce.h"

#include <algorithm>
#include <cstring>

namespace rblnc::emulator {
namespace {

/// Elements that go through the arrays of one step at a time.
constexpr size_t pieceLength = 1024;

RoundFn roundingOf(ComputeType type) {
  switch (type) {
  case ComputeType::ieee:
    return nullptr;
  case ComputeType::dlf16:
    return kernels().roundDlf16;
  case ComputeType::bf16:
    return kernels().roundBf16;
  }
  return nullptr;
}

/// Room for a piece of values of any storage.
struct alignas(64) Piece {
  uint8_t bytes[pieceLength * 8];
};

} // namespace

std::string compute(bundle::Op op, uint64_t imm, bundle::DType result, void *out, std::span<const ConstArray> operands,
                    size_t count, ComputeType type) {
  const bundle::OpInfo *info = bundle::infoOf(op);
  if (!info || info->operands == 0)
    return "it is no operation on values";
  if (operands.size() != info->operands)
    return "it has " + std::to_string(info->operands) + " operands";
  std::vector<DType> dtypes;
  for (const ConstArray &operand : operands)
    dtypes.push_back(operand.dtype);
  if (std::string wrong = bundle::faultOf(*info, result, dtypes, imm, std::nullopt); !wrong.empty())
    return wrong;

  FlatStep step =
      flatStep(bundle::Instruction(op, result, 0, 1, 2, imm), dtypes[0], dtypes.size() > 1 ? dtypes[1] : DType::i32);
  Cell *places[] = {&step.a, &step.b, &step.c};
  for (size_t i = 0; i < operands.size(); ++i)
    *places[i] = static_cast<Cell>(i);
  step.dst = 3;
  std::vector<Piece> pieces(5);
  std::vector<uint8_t *> cells;
  for (Piece &piece : pieces)
    cells.push_back(piece.bytes);
  BlockCache cache;
  Memories none(cache);
  Arena arena;
  double part = 0; // short work tells nobody how far it is
  Context context{kernels(), none, {}, arena, roundingOf(type), 1, &part};
  size_t resultBytes = bundle::bytesOf(result);
  for (size_t first = 0; first < count; first += pieceLength) {
    size_t n = std::min(count - first, pieceLength);
    for (size_t i = 0; i < operands.size(); ++i) {
      size_t bytes = bundle::bytesOf(dtypes[i]);
      const auto *from = static_cast<const uint8_t *>(operands[i].data) + first * bytes;
      context.kernels.load[static_cast<size_t>(dtypes[i])](cells[i], from, static_cast<int64_t>(bytes), n);
      if (dtypes[i] == DType::f32)
        roundCell(context, Rounding::F32, cells[i], n);
    }
    runFlat(context, step, cells, n, cells[4]);
    context.kernels.store[static_cast<size_t>(result)](static_cast<uint8_t *>(out) + first * resultBytes,
                                                       static_cast<int64_t>(resultBytes), cells[3], n);
  }
  return {};
}

std::string compute(std::span<const bundle::Instruction> instructions, int32_t value, bundle::DType result, void *out,
                    std::span<const ConstArray> operands, size_t count, ComputeType type) {
  std::vector<Piece> room(instructions.size());
  for (size_t first = 0; first < count; first += pieceLength) {
    size_t n = std::min(count - first, pieceLength);
    std::vector<ConstArray> values;
    for (const ConstArray &operand : operands)
      values.push_back(
          {operand.dtype, static_cast<const uint8_t *>(operand.data) + first * bundle::bytesOf(operand.dtype)});
    for (size_t i = 0; i < instructions.size(); ++i) {
      const bundle::Instruction &instruction = instructions[i];
      size_t bytes = bundle::bytesOf(instruction.dtype());
      uint8_t *to = room[i].bytes;
      if (instruction.op() == bundle::Op::constant) {
        uint64_t bits = instruction.imm();
        for (size_t at = 0; at < n; ++at)
          std::memcpy(to + at * bytes, &bits, bytes);
      } else {
        std::vector<ConstArray> given;
        for (int32_t number : {instruction.a(), instruction.b(), instruction.c()})
          if (number >= 0)
            given.push_back(values.at(static_cast<size_t>(number)));
        std::string wrong = compute(instruction.op(), instruction.imm(), instruction.dtype(), to, given, n, type);
        if (!wrong.empty())
          return wrong;
      }
      values.push_back({instruction.dtype(), to});
    }
    const ConstArray &computed = values.at(static_cast<size_t>(value));
    if (computed.dtype != result)
      return "its result is of another dtype";
    size_t bytes = bundle::bytesOf(result);
    std::memcpy(static_cast<uint8_t *>(out) + first * bytes, computed.data, n * bytes);
  }
  return {};
}

void roundToComputeType(float *values, size_t count, ComputeType type) {
  if (RoundFn round = roundingOf(type))
    round(values, count);
}

} // namespace rblnc::emulator
