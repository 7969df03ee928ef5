#include "VectorDecode.h"

#include "rblnc/bundle/Ops.h"

namespace rblnc::emulator {

bool isExact(Op op) { return bundle::infoOf(op)->isExact || op == Op::select; }

Rounding roundingOf(DType dtype) {
  switch (dtype) {
  case DType::f16:
    return Rounding::F16;
  case DType::bf16:
    return Rounding::Bf16;
  case DType::f32:
    return Rounding::F32;
  default:
    return Rounding::None;
  }
}

FlatStep flatStep(const bundle::Instruction &instruction, DType a, DType b) {
  const KernelTable &table = kernels();
  Op op = instruction.op();
  DType result = instruction.dtype();
  auto row = static_cast<size_t>(op);
  auto from = static_cast<size_t>(storageOf(a)), to = static_cast<size_t>(storageOf(result));
  bool isNarrow = result == DType::f16 || result == DType::bf16;

  FlatStep step;
  step.rounding = isExact(op) ? Rounding::None : roundingOf(result);
  step.from = a;
  step.to = result;
  switch (op) {
  case Op::bitcast:
    // What a bitcast makes is a value of its dtype; only the device's type may have fewer than f32.
    step.rounding = result == DType::f32 ? Rounding::F32 : Rounding::None;
    break;
  case Op::cmpf:
    step.fn = table.compareFloat[instruction.imm()];
    break;
  case Op::cmpi:
    step.fn = table.compareInt[instruction.imm()][from];
    break;
  case Op::select:
    step.fn = table.elementwise[row][static_cast<size_t>(storageOf(b))];
    break;
  case Op::fma:
    step.fn = isNarrow ? table.fmaToOdd : table.elementwise[row][from];
    step.deviceFn = table.fmaToOdd;
    break;
  case Op::extsi:
  case Op::trunci:
  case Op::fptosi:
    step.fn = table.castSigned[from][to];
    break;
  case Op::extui:
  case Op::fptoui:
    step.fn = table.castUnsigned[from][to];
    break;
  case Op::sitofp:
  case Op::uitofp: {
    bool isSigned = op == Op::sitofp;
    step.fn = (isSigned ? table.castSigned : table.castUnsigned)[from][to];
    // f32 would round a wide integer once, and the narrow format a second time.
    if (ElementwiseFn toOdd = table.castToOdd[isSigned][from]) {
      step.fn = isNarrow ? toOdd : step.fn;
      step.deviceFn = toOdd;
    }
    break;
  }
  case Op::divsi:
  case Op::divui:
  case Op::remsi:
  case Op::remui:
    step.isDivision = true;
    step.divisor = storageOf(b);
    [[fallthrough]];
  default:
    step.fn = table.elementwise[row][from];
    break;
  }
  return step;
}

llvm::SmallVector<uint32_t, 3> Value::operands() const {
  llvm::SmallVector<uint32_t, 3> result;
  if (kind != Compute)
    return result;
  int32_t all[] = {instruction.a(), instruction.b(), instruction.c()};
  for (size_t i = 0, n = bundle::infoOf(instruction.op())->operands; i < n; ++i)
    result.push_back(static_cast<uint32_t>(all[i]));
  return result;
}

Analysis::Analysis(const bundle::Vector &vector) : vector(vector) {
  if (vector.outer())
    shape.append(vector.outer()->begin(), vector.outer()->end());
  outerRank = shape.size();
  if (vector.inner())
    shape.append(vector.inner()->begin(), vector.inner()->end());
  if (vector.inputs())
    for (const bundle::Access *access : *vector.inputs())
      inputs.push_back(DecodedAccess::decode(*access));
  if (vector.outputs())
    for (const bundle::VectorOutput *output : *vector.outputs()) {
      outputs.push_back(DecodedAccess::decode(*output->access()));
      outputValues.push_back(static_cast<uint32_t>(output->value()));
    }
  readValues();
  markLive();
  classify();
  flattenIfPossible();
}

bool Analysis::isRowAccess(const DecodedAccess &access) const {
  for (size_t d = outerRank; d < shape.size(); ++d)
    if (shape[d] > 1 && access.strides[d] != 0)
      return true;
  return false;
}

void Analysis::readValues() {
  for (uint32_t i = 0; i < inputs.size(); ++i)
    values.push_back({.kind = Value::Input, .dtype = inputs[i].dtype, .number = i, .instruction = {}});
  if (!vector.steps())
    return;
  for (const bundle::VectorStep *step : *vector.steps()) {
    if (const bundle::Instruction *instruction = step->instruction()) {
      auto kind = instruction->op() == Op::constant ? Value::Constant
                  : instruction->op() == Op::index  ? Value::Index
                                                    : Value::Compute;
      values.push_back({.kind = kind, .dtype = instruction->dtype(), .instruction = *instruction});
      continue;
    }
    const bundle::Reduction &reduction = *step->reduction();
    ReductionInfo info{&reduction, {}, static_cast<uint32_t>(values.size())};
    for (int32_t operand : *reduction.operands()) {
      info.operands.push_back(static_cast<uint32_t>(operand));
      values.push_back({.kind = Value::Result,
                        .dtype = values[static_cast<size_t>(operand)].dtype,
                        .number = static_cast<uint32_t>(reductions.size()),
                        .instruction = {}});
    }
    reductions.push_back(std::move(info));
  }
}

void Analysis::markLive() {
  for (uint32_t value : outputValues)
    values[value].isLive = true;
  for (size_t v = values.size(); v-- > 0;) {
    if (!values[v].isLive)
      continue;
    for (uint32_t operand : values[v].operands())
      values[operand].isLive = true;
    if (values[v].kind == Value::Result)
      for (uint32_t operand : reductions[values[v].number].operands)
        values[operand].isLive = true;
  }
}

void Analysis::classify() {
  for (uint32_t v = 0; v < values.size(); ++v) {
    Value &value = values[v];
    switch (value.kind) {
    case Value::Input:
      value.isRow = isRowAccess(inputs[value.number]);
      break;
    case Value::Constant:
      break;
    case Value::Index: {
      size_t d = value.instruction.imm();
      value.isRow = d >= outerRank && shape[d] > 1;
      break;
    }
    case Value::Compute:
      for (uint32_t operand : value.operands()) {
        value.isRow |= values[operand].isRow;
        value.phase = std::max(value.phase, values[operand].phase);
      }
      break;
    case Value::Result: {
      ReductionInfo &reduction = reductions[value.number];
      if (v == reduction.firstResult)
        for (uint32_t operand : reduction.operands)
          reduction.phase = std::max(reduction.phase, values[operand].phase);
      value.phase = reduction.phase + 1;
      break;
    }
    }
    if (value.isLive)
      phases = std::max(phases, value.phase + 1);
  }
}

bool Analysis::needsRows() const {
  int64_t length = countOf(llvm::ArrayRef(shape).drop_front(outerRank));
  for (const Value &value : values)
    if (value.isLive && (value.kind == Value::Result || (value.kind == Value::Compute && !value.isRow && length > 1)))
      return true;
  return false;
}

void Analysis::flattenIfPossible() {
  if (needsRows())
    return;
  outerRank = 0;
  for (Value &value : values)
    value.isRow = false;
  classify();
}

} // namespace rblnc::emulator
