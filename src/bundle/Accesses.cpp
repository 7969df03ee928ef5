#include "rblnc/bundle/Accesses.h"

namespace rblnc::bundle {
namespace {

using Shape = llvm::SmallVector<int64_t, 8>;

Shape shapeOf(const flatbuffers::Vector<int64_t> *extents) {
  Shape shape;
  if (extents)
    shape.append(extents->begin(), extents->end());
  return shape;
}

} // namespace

llvm::SmallVector<AccessUse, 4> accessesOf(const Command &command) {
  llvm::SmallVector<AccessUse, 4> uses;
  switch (command.body_type()) {
  case CommandBody::Dma: {
    const Dma &dma = *command.body_as_Dma();
    Shape shape = shapeOf(dma.shape());
    uses.push_back({dma.source(), shape, false, dma.clips()});
    uses.push_back({dma.destination(), shape, true, dma.has_fill() ? nullptr : dma.clips()});
    break;
  }
  case CommandBody::Matmul: {
    const Matmul &matmul = *command.body_as_Matmul();
    Shape shape = shapeOf(matmul.batch());
    shape.append({matmul.m(), matmul.n(), matmul.k()});
    Shape result = shape;
    result.back() = 1;
    if (matmul.k() != 0) {
      uses.push_back({matmul.a(), shape, false, nullptr});
      uses.push_back({matmul.b(), shape, false, nullptr});
    }
    if (matmul.c())
      uses.push_back({matmul.c(), result, false, nullptr});
    uses.push_back({matmul.d(), result, true, nullptr});
    break;
  }
  case CommandBody::Vector: {
    const Vector &vector = *command.body_as_Vector();
    Shape shape = shapeOf(vector.outer());
    if (vector.inner())
      shape.append(vector.inner()->begin(), vector.inner()->end());
    if (vector.inputs())
      for (const Access *input : *vector.inputs())
        uses.push_back({input, shape, false, nullptr});
    if (vector.outputs())
      for (const VectorOutput *output : *vector.outputs())
        uses.push_back({output->access(), shape, true, nullptr});
    break;
  }
  case CommandBody::LoadScalar: {
    const Access &source = *command.body_as_LoadScalar()->source();
    uses.push_back({&source, Shape(source.strides() ? source.strides()->size() : 0, 1), false, nullptr});
    break;
  }
  default:
    break;
  }
  return uses;
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

} // namespace rblnc::bundle
