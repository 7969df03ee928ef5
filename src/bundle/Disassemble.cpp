#include "rblnc/bundle/Disassemble.h"

#include "rblnc/bundle/Commands.h"
#include "rblnc/bundle/Describe.h"
#include "rblnc/support/CheckedOps.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rblnc::bundle {
namespace {

template <typename T> std::vector<T> listOf(const flatbuffers::Vector<T> *vector) {
  return vector ? std::vector<T>(vector->begin(), vector->end()) : std::vector<T>();
}

std::string withSign(int64_t value) { return fmt::format("{}{}", value < 0 ? "" : "+", value); }

/// "lo+2*r1", and only what is not zero of it.
std::string bound(int64_t constant, int64_t scale, int32_t reg) {
  if (scale == 0 || reg < 0)
    return std::to_string(constant);
  std::string scaled = scale == 1 ? fmt::format("r{}", reg) : fmt::format("{}*r{}", scale, reg);
  return constant == 0 ? scaled : scaled + withSign(constant);
}

/// "scratchpad0+128[512,4]": memory and unit, offset in bytes, strides in bytes.
std::string accessText(const Access &access) {
  std::string text = fmt::format("{}{}{}", EnumNameMemory(access.memory()), access.unit(), withSign(access.offset()));
  if (access.terms())
    for (const Term *term : *access.terms())
      text += fmt::format("{}*r{}", withSign(term->scale()), term->register_());
  return text + fmt::format("[{}]", fmt::join(listOf(access.strides()), ","));
}

std::string typedAccess(const Access &access) {
  return fmt::format("{} {}", EnumNameDType(access.dtype()), accessText(access));
}

std::string shapeText(const flatbuffers::Vector<int64_t> *shape, DType dtype) {
  return fmt::format("{}{}{}", fmt::join(listOf(shape), "x"), listOf(shape).empty() ? "" : "x", EnumNameDType(dtype));
}

std::string clipsText(const flatbuffers::Vector<const Clip *> *clips) {
  std::string text;
  if (clips)
    for (const Clip *clip : *clips)
      text += fmt::format(" clip({} <= i{} < {})", bound(clip->lo(), clip->lo_scale(), clip->register_()), clip->axis(),
                          bound(clip->hi(), clip->hi_scale(), clip->register_()));
  return text;
}

std::string textOf(const IndexedDma &dma) {
  std::string text = fmt::format("{} {} {} -> {} i{} of {} by {}", dma.scatters() ? "scatter" : "gather",
                                 shapeText(dma.shape(), dma.source()->dtype()), accessText(*dma.source()),
                                 accessText(*dma.destination()), dma.axis(), dma.rows(), typedAccess(*dma.indices()));
  if (dma.mask())
    text += fmt::format(" mask {}", accessText(*dma.mask()));
  text += clipsText(dma.clips());
  return dma.has_fill() ? text + fmt::format(" fill {:#x}", dma.fill()) : text;
}

std::string textOf(const Dma &dma) {
  std::string text = fmt::format("dma {} {} -> {}", shapeText(dma.shape(), dma.source()->dtype()),
                                 accessText(*dma.source()), accessText(*dma.destination()));
  text += clipsText(dma.clips());
  if (dma.has_fill())
    text += fmt::format(" fill {:#x}", dma.fill());
  if (dma.layout_change())
    text += " layout_change";
  return text;
}

std::string textOf(const Matmul &m) {
  std::string batch = fmt::format("{}", fmt::join(listOf(m.batch()), "x"));
  std::string text = fmt::format("matmul {}{}[m={}, n={}, k={}] {} * {}", batch, batch.empty() ? "" : "x", m.m(), m.n(),
                                 m.k(), typedAccess(*m.a()), typedAccess(*m.b()));
  if (m.c())
    text += fmt::format(" + {}", typedAccess(*m.c()));
  return text + fmt::format(" -> {}", typedAccess(*m.d()));
}

std::string_view predicateName(Op op, uint64_t predicate) {
  // Numbered as MLIR's arith.cmpf and arith.cmpi.
  static constexpr std::string_view floats[] = {"false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord",
                                                "ueq",   "ugt", "uge", "ult", "ule", "une", "uno", "true"};
  static constexpr std::string_view integers[] = {"eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"};
  if (op == Op::cmpf)
    return predicate < std::size(floats) ? floats[predicate] : "?";
  return predicate < std::size(integers) ? integers[predicate] : "?";
}

std::string instructionText(const Instruction &instruction) {
  Op op = instruction.op();
  std::string text = fmt::format("{} {}", EnumNameOp(op), EnumNameDType(instruction.dtype()));
  if (op == Op::constant)
    return text + fmt::format(" {:#x}", instruction.imm());
  if (op == Op::index)
    return text + fmt::format(" i{}", instruction.imm());
  if (op == Op::cmpf || op == Op::cmpi)
    text += fmt::format(" {}", predicateName(op, instruction.imm()));
  for (int32_t operand : {instruction.a(), instruction.b(), instruction.c()})
    if (operand >= 0)
      text += fmt::format(" %{}", operand);
  return text;
}

std::string valueList(const std::vector<int32_t> &values) {
  std::string text;
  for (int32_t value : values)
    text += fmt::format("{}%{}", text.empty() ? "" : ", ", value);
  return text;
}

std::string textOf(const Vector &vector) {
  auto shapeText = [](const flatbuffers::Vector<int64_t> *shape) {
    std::vector<int64_t> list = listOf(shape);
    return list.empty() ? std::string("1") : fmt::format("{}", fmt::join(list, "x"));
  };
  std::string text = fmt::format("vector {} rows of {}", shapeText(vector.outer()), shapeText(vector.inner()));
  int32_t value = 0;
  if (vector.inputs())
    for (const Access *input : *vector.inputs())
      text += fmt::format("\n  %{} = load {}", value++, typedAccess(*input));
  auto addReduction = [&](const Reduction &reduction) {
    std::vector<int32_t> operands = listOf(reduction.operands());
    std::vector<int32_t> results;
    for (size_t i = 0; i < operands.size(); ++i)
      results.push_back(value++);
    text += fmt::format("\n  {} = reduce{} {}", valueList(results),
                        reduction.simple() ? fmt::format(" {}", EnumNameOp(reduction.op())) : "", valueList(operands));
    if (reduction.simple())
      return;
    // The combiner counts its own values: left and right of every operand, then its instructions.
    auto inner = static_cast<int32_t>(2 * operands.size());
    if (reduction.combiner())
      for (const Instruction *instruction : *reduction.combiner())
        text += fmt::format("\n    %{} = {}", inner++, instructionText(*instruction));
    text += fmt::format("\n    yield {}", valueList(listOf(reduction.yields())));
  };
  if (vector.steps())
    for (const VectorStep *step : *vector.steps()) {
      if (step->instruction())
        text += fmt::format("\n  %{} = {}", value++, instructionText(*step->instruction()));
      else if (step->reduction())
        addReduction(*step->reduction());
    }
  if (vector.outputs())
    for (const VectorOutput *output : *vector.outputs())
      text += fmt::format("\n  store %{} -> {}", output->value(), typedAccess(*output->access()));
  return text;
}

/// One side of an overflow check, where r0, r1, ... are the registers' numbers.
std::string sideText(const flatbuffers::Vector<int64_t> &side, const LoadScalar &load, const OverflowCheck &check) {
  std::string text = std::to_string(side.Get(0));
  for (uint32_t i = 1; i < side.size(); ++i)
    if (side.Get(i) != 0)
      text += fmt::format(" + {} r{}", side.Get(i), i == 1 ? load.register_() : check.registers()->Get(i - 2));
  return "(" + text + ")";
}

std::string textOf(const LoadScalar &load) {
  std::string text = fmt::format("r{} = load {}", load.register_(), typedAccess(*load.source()));
  for (uint32_t i = 0; i < (load.checks() ? load.checks()->size() : 0); ++i) {
    const OverflowCheck &check = *load.checks()->Get(i);
    text += "\n  check " + sideText(*check.lhs(), load, check);
    if (check.operation() != CheckedOp::none)
      text += fmt::format(" {} {}", checkedOpNames[static_cast<size_t>(check.operation())],
                          sideText(*check.rhs(), load, check));
    text += check.partition() > 0 ? fmt::format(" fits {} rows", check.partition())
                                  : fmt::format(" fits i{}", check.width());
    for (uint32_t j = 0; j < (check.unless() ? check.unless()->size() : 0); ++j)
      text += fmt::format(" unless r{} == 0", check.unless()->Get(j));
  }
  return text;
}

std::string textOf(const Skip &skip) {
  return fmt::format("skip {} if r{} {} 0", skip.count(), skip.register_(), skip.when_zero() ? "==" : "!=");
}

std::string textOf(const Signal &signal) { return fmt::format("signal s{}", signal.semaphore()); }

std::string textOf(const Wait &wait) { return fmt::format("wait s{} >= {}", wait.semaphore(), wait.value()); }

// ---- Names -------------------------------------------------------------------------------------------------------

/// More are left out of a name: it has to be read at a glance.
constexpr size_t maxFusedNames = 5;

std::string arrayOf(const Bundle &bundle, uint32_t region) {
  if (bundle.signature())
    for (const Argument *argument : *bundle.signature())
      if (argument->region() == region)
        return cleanText(argument->name());
  return EnumNameRegionKind(bundle.regions()->Get(region)->kind());
}

std::string nameIn(const Bundle &bundle, const Dma &dma) {
  bool loads = dma.source()->memory() == Memory::dram;
  bool stores = dma.destination()->memory() == Memory::dram;
  if (dma.layout_change())
    return "layout_change";
  if (loads == stores)
    return "copy";
  return loads ? fmt::format("load({})", arrayOf(bundle, dma.source()->unit()))
               : fmt::format("store({})", arrayOf(bundle, dma.destination()->unit()));
}

std::string nameIn(const Bundle &bundle, const IndexedDma &dma) {
  const Access &chosen = dma.scatters() ? *dma.destination() : *dma.source();
  std::string name = dma.scatters() ? "scatter" : "gather";
  return chosen.memory() == Memory::dram ? fmt::format("{}({})", name, arrayOf(bundle, chosen.unit())) : name;
}

std::string nameIn(const Bundle &, const Vector &vector) {
  llvm::SmallVector<std::string, 8> names;
  auto add = [&](std::string name) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  };
  if (vector.steps())
    for (const VectorStep *step : *vector.steps()) {
      if (const Reduction *reduction = step->reduction())
        add(reduction->simple() ? fmt::format("reduce_{}", EnumNameOp(reduction->op())) : "reduce");
      else if (const Instruction *instruction = step->instruction(); instruction && instruction->op() != Op::constant)
        add(EnumNameOp(instruction->op()));
    }
  if (names.size() <= 1)
    return names.empty() ? "vector" : names.front();
  size_t shown = std::min(names.size(), maxFusedNames);
  return fmt::format("fused({}{})", fmt::join(names.begin(), names.begin() + static_cast<ptrdiff_t>(shown), "+"),
                     names.size() > shown ? fmt::format("+{} more", names.size() - shown) : "");
}

std::string nameIn(const Bundle &, const Matmul &) { return "matmul"; }
std::string nameIn(const Bundle &, const LoadScalar &) { return "load_scalar"; }
std::string nameIn(const Bundle &, const Skip &) { return "skip"; }
std::string nameIn(const Bundle &, const Signal &) { return "signal"; }
std::string nameIn(const Bundle &, const Wait &) { return "wait"; }

} // namespace

std::string disassemble(const Command &command) {
  return visit(command, [](const auto &body) { return textOf(body); }, [] { return std::string("none"); });
}

std::string operationName(const Bundle &bundle, const Command &command) {
  return visit(command, [&](const auto &body) { return nameIn(bundle, body); });
}

} // namespace rblnc::bundle
