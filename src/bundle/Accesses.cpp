#include "rblnc/bundle/Accesses.h"

#include "rblnc/bundle/Commands.h"

namespace rblnc::bundle {
namespace {

using Shape = llvm::SmallVector<int64_t, 8>;
using Uses = llvm::SmallVector<AccessUse, 4>;

Shape shapeOf(const flatbuffers::Vector<int64_t> *extents) {
  Shape shape;
  if (extents)
    shape.append(extents->begin(), extents->end());
  return shape;
}

Uses usesOf(const Dma &dma) {
  Shape shape = shapeOf(dma.shape());
  return {{dma.source(), shape, false, dma.clips()},
          {dma.destination(), shape, true, dma.has_fill() ? nullptr : dma.clips()}};
}

Uses usesOf(const IndexedDma &dma) {
  // Which rows it chooses is known when it runs; it may be any.
  Shape shape = shapeOf(dma.shape()), all = shape;
  all[dma.axis()] = dma.rows();
  Uses uses{{dma.source(), dma.scatters() ? shape : all, false, dma.clips()}, {dma.indices(), shape, false, nullptr}};
  if (dma.mask())
    uses.push_back({dma.mask(), shape, false, nullptr});
  uses.push_back({dma.destination(), dma.scatters() ? all : shape, true, dma.has_fill() ? nullptr : dma.clips()});
  return uses;
}

Uses usesOf(const Matmul &matmul) {
  Shape shape = shapeOf(matmul.batch());
  shape.append({matmul.m(), matmul.n(), matmul.k()});
  Shape result = shape;
  result.back() = 1;
  Uses uses;
  if (matmul.k() != 0) {
    uses.push_back({matmul.a(), shape, false, nullptr});
    uses.push_back({matmul.b(), shape, false, nullptr});
  }
  if (matmul.c())
    uses.push_back({matmul.c(), result, false, nullptr});
  uses.push_back({matmul.d(), result, true, nullptr});
  return uses;
}

Uses usesOf(const Vector &vector) {
  Shape shape = shapeOf(vector.outer());
  if (vector.inner())
    shape.append(vector.inner()->begin(), vector.inner()->end());
  Uses uses;
  if (vector.inputs())
    for (const Access *input : *vector.inputs())
      uses.push_back({input, shape, false, nullptr});
  if (vector.outputs())
    for (const VectorOutput *output : *vector.outputs())
      uses.push_back({output->access(), shape, true, nullptr});
  return uses;
}

Uses usesOf(const LoadScalar &load) {
  const Access &source = *load.source();
  return {{&source, Shape(source.strides() ? source.strides()->size() : 0, 1), false, nullptr}};
}

Uses usesOf(const Skip &) { return {}; }
Uses usesOf(const Signal &) { return {}; }
Uses usesOf(const Wait &) { return {}; }

using Visit = llvm::function_ref<void(uint32_t)>;

void visitClips(const flatbuffers::Vector<const Clip *> *clips, Visit visit) {
  if (clips)
    for (const Clip *clip : *clips)
      if (clip->register_() >= 0)
        visit(static_cast<uint32_t>(clip->register_()));
}

// Registers beside those of addresses.
void visitOthers(const Dma &dma, Visit visit) { visitClips(dma.clips(), visit); }
void visitOthers(const IndexedDma &dma, Visit visit) { visitClips(dma.clips(), visit); }
void visitOthers(const Matmul &, Visit) {}
void visitOthers(const Vector &, Visit) {}
void visitOthers(const LoadScalar &load, Visit visit) {
  if (load.checks())
    for (const OverflowCheck *check : *load.checks()) {
      if (check->registers())
        for (uint32_t reg : *check->registers())
          visit(reg);
      if (check->unless())
        for (uint32_t reg : *check->unless())
          if (reg != load.register_())
            visit(reg);
    }
}
void visitOthers(const Skip &skip, Visit visit) { visit(skip.register_()); }
void visitOthers(const Signal &, Visit) {}
void visitOthers(const Wait &, Visit) {}

// What a command that is being made lacks.
std::string_view missingIn(const DmaT &dma) {
  return dma.source && dma.destination ? "" : "a transfer's source and destination";
}
std::string_view missingIn(const IndexedDmaT &dma) {
  return dma.source && dma.destination && dma.indices ? "" : "an indexed transfer's source, destination and indices";
}
std::string_view missingIn(const MatmulT &matmul) {
  return matmul.a && matmul.b && matmul.d ? "" : "a matrix product's operands and result";
}
std::string_view missingIn(const VectorT &vector) {
  for (auto &output : vector.outputs)
    if (!output || !output->access)
      return "a vector output's access";
  return "";
}
std::string_view missingIn(const LoadScalarT &load) { return load.source ? "" : "a scalar load's source"; }
std::string_view missingIn(const SkipT &) { return ""; }
std::string_view missingIn(const SignalT &) { return ""; }
std::string_view missingIn(const WaitT &) { return ""; }

} // namespace

llvm::SmallVector<AccessUse, 4> accessesOf(const Command &command) {
  return visit(command, [](const auto &body) { return usesOf(body); });
}

void forEachRegisterRead(const Command &command, llvm::ArrayRef<AccessUse> uses,
                         llvm::function_ref<void(uint32_t)> visitRegister) {
  for (const AccessUse &use : uses)
    if (use.access->terms())
      for (const Term *term : *use.access->terms())
        visitRegister(term->register_());
  visit(command, [&](const auto &body) { visitOthers(body, visitRegister); });
}

bool isOfRow(const IndexedDma &dma, uint32_t dimension) {
  return dimension != dma.axis() && (dma.shape()->Get(dimension) <= 1 || dma.indices()->strides()->Get(dimension) == 0);
}

void forEachAccess(const Program &program, llvm::function_ref<void(const Access &)> visit) {
  if (!program.queues())
    return;
  for (const Queue *queue : *program.queues())
    if (queue->commands())
      for (const Command *command : *queue->commands())
        for (const AccessUse &use : accessesOf(*command))
          visit(*use.access);
}

std::string_view missingAccess(const CommandT &command) {
  return visit(command, [](const auto &body) { return missingIn(body); });
}

} // namespace rblnc::bundle
