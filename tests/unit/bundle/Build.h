// Bundles built by hand, for tests of the format, the verifier and the emulator.
#pragma once

#include "rblnc/bundle/Figures.h"
#include "rblnc/bundle/Reader.h"
#include "rblnc/bundle/Writer.h"
#include "rblnc/support/Error.h"
#include "rblnc/target/Target.h"

#include "catch2/catch.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace rblnc::test {

using bundle::AccessT;
using bundle::ArgumentT;
using bundle::Bundle;
using bundle::BundleT;
using bundle::CheckedOp;
using bundle::Clip;
using bundle::CommandT;
using bundle::Direction;
using bundle::DmaT;
using bundle::DType;
using bundle::FrameT;
using bundle::freeze;
using bundle::Instruction;
using bundle::LineT;
using bundle::LoadScalarT;
using bundle::MatmulT;
using bundle::Memory;
using bundle::Op;
using bundle::OpenBundle;
using bundle::openBundle;
using bundle::OverflowCheckT;
using bundle::ProgramT;
using bundle::QueueT;
using bundle::ReductionT;
using bundle::RegionKind;
using bundle::RegionT;
using bundle::RegisterT;
using bundle::SignalT;
using bundle::SkipT;
using bundle::TargetT;
using bundle::Term;
using bundle::Unit;
using bundle::VectorOutputT;
using bundle::VectorStepT;
using bundle::VectorT;
using bundle::VerifyLimits;
using bundle::WaitT;
using bundle::writeBundle;

using Strides = std::vector<int64_t>;

inline std::unique_ptr<AccessT> access(Memory memory, uint32_t unit, DType dtype, int64_t offset, Strides strides,
                                       std::vector<Term> terms = {}) {
  auto result = std::make_unique<AccessT>();
  result->memory = memory;
  result->unit = unit;
  result->dtype = dtype;
  result->offset = offset;
  result->strides = std::move(strides);
  result->terms = std::move(terms);
  return result;
}

inline std::unique_ptr<AccessT> dram(uint32_t region, DType dtype, int64_t offset, Strides strides,
                                     std::vector<Term> terms = {}) {
  return access(Memory::dram, region, dtype, offset, std::move(strides), std::move(terms));
}
inline std::unique_ptr<AccessT> pad(DType dtype, int64_t offset, Strides strides, std::vector<Term> terms = {}) {
  return access(Memory::scratchpad, 0, dtype, offset, std::move(strides), std::move(terms));
}

inline Instruction instruction(Op op, DType dtype, int a = -1, int b = -1, int c = -1, uint64_t imm = 0) {
  return Instruction(op, dtype, a, b, c, imm);
}

/// A vector program under construction.
struct TestVector : VectorT {
  int values = 0;

  /// All inputs come before all steps.
  int input(std::unique_ptr<AccessT> access) {
    inputs.push_back(std::move(access));
    return values++;
  }
  int step(Op op, DType dtype, int a = -1, int b = -1, int c = -1, uint64_t imm = 0) {
    auto entry = std::make_unique<VectorStepT>();
    entry->instruction = std::make_unique<Instruction>(op, dtype, a, b, c, imm);
    steps.push_back(std::move(entry));
    return values++;
  }
  int reduce(Op op, int operand) {
    auto reduction = std::make_unique<ReductionT>();
    reduction->operands = {operand};
    reduction->op = op;
    return addReduction(std::move(reduction));
  }
  /// The first result; the others follow.
  int reduce(std::vector<int> operands, std::vector<Instruction> combiner, std::vector<int> yields) {
    auto reduction = std::make_unique<ReductionT>();
    reduction->operands = std::move(operands);
    reduction->simple = false;
    reduction->combiner = std::move(combiner);
    reduction->yields = std::move(yields);
    return addReduction(std::move(reduction));
  }
  int addReduction(std::unique_ptr<ReductionT> reduction) {
    int first = values;
    values += static_cast<int>(reduction->operands.size());
    auto entry = std::make_unique<VectorStepT>();
    entry->reduction = std::move(reduction);
    steps.push_back(std::move(entry));
    return first;
  }
  void output(int value, std::unique_ptr<AccessT> access) {
    auto entry = std::make_unique<VectorOutputT>();
    entry->value = value;
    entry->access = std::move(access);
    outputs.push_back(std::move(entry));
  }
};

struct TestBundle : BundleT {
  TestBundle(const char *target = "rbln-ca22") {
    targets.push_back(std::make_unique<TargetT>(freeze(*llvm::cantFail(findTarget(target)))));
    programs.push_back(std::make_unique<ProgramT>());
    program().kernel = "kernel";
    lines.push_back(std::make_unique<LineT>());
    addLine("kernel.py", 12);
  }

  ProgramT &program() { return *programs[0]; }

  uint32_t addLine(const char *file, uint32_t line) {
    auto entry = std::make_unique<LineT>();
    entry->frames.push_back(std::make_unique<FrameT>());
    entry->frames[0]->file = file;
    entry->frames[0]->line = line;
    lines.push_back(std::move(entry));
    return static_cast<uint32_t>(lines.size() - 1);
  }

  uint32_t argument(const char *name, DType dtype, int64_t extent, Direction direction) {
    constexpr int64_t bytes[] = {1, 1, 2, 4, 8, 2, 2, 4};
    auto entry = std::make_unique<ArgumentT>();
    entry->name = name;
    entry->dtype = dtype;
    entry->direction = direction;
    entry->extent = extent;
    entry->alignment = 64;
    entry->region = static_cast<uint32_t>(regions.size());
    signature.push_back(std::move(entry));
    return addRegion(RegionKind::argument, extent * bytes[static_cast<size_t>(dtype)]);
  }
  uint32_t constant(std::vector<uint8_t> data) {
    uint32_t index = addRegion(RegionKind::constant, static_cast<int64_t>(data.size()));
    regions[index]->data = std::move(data);
    return index;
  }
  uint32_t workspace(int64_t bytes) { return addRegion(RegionKind::workspace, bytes); }
  uint32_t addRegion(RegionKind kind, int64_t bytes) {
    auto region = std::make_unique<RegionT>();
    region->kind = kind;
    region->bytes = bytes;
    regions.push_back(std::move(region));
    return static_cast<uint32_t>(regions.size() - 1);
  }
  uint32_t addRegister(int64_t min, int64_t max, const char *name = "") {
    auto entry = std::make_unique<RegisterT>();
    entry->min = min;
    entry->max = max;
    entry->name = name;
    program().registers.push_back(std::move(entry));
    return static_cast<uint32_t>(program().registers.size() - 1);
  }

  QueueT &queue(Unit unit = Unit::neural_engine, uint32_t index = 0) {
    for (auto &queue : program().queues)
      if (queue->unit == unit && queue->index == index)
        return *queue;
    program().queues.push_back(std::make_unique<QueueT>());
    program().queues.back()->unit = unit;
    program().queues.back()->index = index;
    return *program().queues.back();
  }

  template <typename Body>
  CommandT &add(Body body, Unit unit = Unit::neural_engine, uint32_t index = 0, uint32_t line = 1) {
    auto command = std::make_unique<CommandT>();
    command->line = line;
    command->body.Set(std::move(body));
    queue(unit, index).commands.push_back(std::move(command));
    return *queue(unit, index).commands.back();
  }
  CommandT &addVector(TestVector vector, Unit unit = Unit::neural_engine, uint32_t index = 0) {
    return add<VectorT>(std::move(static_cast<VectorT &>(vector)), unit, index);
  }
  CommandT &addDma(std::vector<int64_t> shape, std::unique_ptr<AccessT> source, std::unique_ptr<AccessT> destination,
                   Unit unit = Unit::neural_engine, uint32_t index = 0) {
    DmaT dma;
    dma.shape = std::move(shape);
    dma.source = std::move(source);
    dma.destination = std::move(destination);
    return add(std::move(dma), unit, index);
  }
  void signal(uint32_t semaphore, Unit unit, uint32_t index = 0) {
    SignalT body;
    body.semaphore = semaphore;
    program().semaphores = std::max(program().semaphores, semaphore + 1);
    add(body, unit, index);
  }
  void wait(uint32_t semaphore, uint32_t value, Unit unit, uint32_t index = 0) {
    WaitT body;
    body.semaphore = semaphore;
    body.value = value;
    program().semaphores = std::max(program().semaphores, semaphore + 1);
    add(body, unit, index);
  }
  void loadScalar(uint32_t reg, std::unique_ptr<AccessT> source, Unit unit = Unit::neural_engine, uint32_t index = 0) {
    LoadScalarT body;
    body.register_ = reg;
    body.source = std::move(source);
    add(std::move(body), unit, index);
  }
  void skip(uint32_t reg, bool whenZero, uint32_t count, Unit unit = Unit::neural_engine, uint32_t index = 0) {
    SkipT body;
    body.register_ = reg;
    body.when_zero = whenZero;
    body.count = count;
    add(body, unit, index);
  }

  std::vector<uint8_t> bytes() const { return llvm::cantFail(writeBundle(*this)); }
};

inline llvm::Expected<OpenBundle> openBytes(const std::vector<uint8_t> &bytes, const VerifyLimits &limits = {}) {
  return openBundle(llvm::MemoryBuffer::getMemBufferCopy(
                        llvm::StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()), "test.rbln"),
                    limits);
}

/// The code of the error that opening gives, or nothing when it opens.
inline std::optional<Diagnostic> whyNot(const std::vector<uint8_t> &bytes, const VerifyLimits &limits = {}) {
  auto bundle = openBytes(bytes, limits);
  if (bundle)
    return std::nullopt;
  return toDiagnostic(bundle.takeError());
}

/// "B024", or "" when the bundle opens.
inline std::string codeOf(const TestBundle &builder, const VerifyLimits &limits = {}) {
  auto diagnostic = whyNot(builder.bytes(), limits);
  return diagnostic ? std::string(infoOf(diagnostic->code).name.substr(5)) : "";
}

} // namespace rblnc::test
