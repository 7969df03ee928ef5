// Transfers.
#include "Access.h"

#include "rblnc/bundle/Ops.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {

llvm::Error verifyBody(Context &context, const Dma &dma) {
  llvm::Expected<Extents> shape = readShape(context, dma.shape(), "its shape");
  if (!shape)
    return shape.takeError();
  if (llvm::Error error = verifyClips(context, dma.clips(), shape->size()))
    return error;
  // Clips decide what is read; with a fill all of the destination is written.
  if (llvm::Error error = verifyAccess(context, *dma.source(), *shape, dma.clips(), /*isWritten=*/false, "the source"))
    return error;
  if (llvm::Error error = verifyAccess(context, *dma.destination(), *shape, dma.has_fill() ? nullptr : dma.clips(),
                                       /*isWritten=*/true, "the destination"))
    return error;
  if (dma.source()->dtype() != dma.destination()->dtype())
    return context.error(Code::B029, fmt::format("it copies {} to {}", nameOf(dma.source()->dtype()),
                                                 nameOf(dma.destination()->dtype())));
  return context.addWork(static_cast<uint64_t>(countOf(*shape)));
}

} // namespace rblnc::bundle::verifier
