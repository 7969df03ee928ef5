// The kernels for every host.
#include "Kernels.h"

#include <type_traits>
#include <utility>

#define RBLNC_TILE_ROWS 4
#define RBLNC_TILE_VECTORS 2
#define RBLNC_VECTOR_BYTES 16

namespace rblnc::emulator {
namespace {
#include "Kernels.inc"
} // namespace

const KernelTable &baselineKernels() {
  static const KernelTable table = makeTable("baseline");
  return table;
}

} // namespace rblnc::emulator
