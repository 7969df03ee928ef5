// Transfers of strided blocks.
#include "Copier.h"

namespace rblnc::emulator {

DmaCommand decode(const bundle::Dma &dma) {
  DmaCommand command;
  if (dma.shape())
    command.shape.append(dma.shape()->begin(), dma.shape()->end());
  command.source = DecodedAccess::decode(*dma.source());
  command.destination = DecodedAccess::decode(*dma.destination());
  if (dma.clips())
    for (const bundle::Clip *clip : *dma.clips())
      command.clips.push_back(decodeClip(*clip));
  if (dma.has_fill())
    command.fill = dma.fill();
  return command;
}

Outcome DmaCommand::execute(const Context &context) const {
  if (countOf(shape) == 0)
    return {};
  Box box = clipped(shape, clips, context.registers);
  Copier copier(context, destination.dtype);
  if (!box.isEmpty()) {
    // Only the elements that take part have to lie inside the memories.
    uint8_t *src = resolve(source, box, context), *dst = resolve(destination, box, context);
    if (!src || !dst)
      return {.isOutOfRange = true};
    copier.copy(dst, src, sizesOf(box), destination.strides, source.strides);
  }
  if (!fill || copier.isStopped)
    return {.wasStopped = copier.isStopped};
  uint8_t *dst = resolve(destination, shape, context.memories, context.registers);
  if (!dst)
    return {.isOutOfRange = true};
  // What lies outside of the box, as slabs that do not overlap: along axis d below and above the box, with earlier axes
  // inside of it and later ones whole.
  Box rest{Extents(shape.size(), 0), shape};
  for (size_t d = 0; d < shape.size(); ++d) {
    for (bool isAbove : {false, true}) {
      Box slab = rest;
      (isAbove ? slab.lo[d] : slab.hi[d]) = isAbove ? box.hi[d] : box.lo[d];
      if (!slab.isEmpty())
        copier.fill(dst + cornerOf(slab, destination), sizesOf(slab), destination.strides, *fill);
    }
    rest.lo[d] = box.lo[d];
    rest.hi[d] = box.hi[d];
  }
  return {.wasStopped = copier.isStopped};
}

} // namespace rblnc::emulator
