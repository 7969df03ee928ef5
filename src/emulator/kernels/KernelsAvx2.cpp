// The kernels for hosts with AVX2.
#include "Kernels.h"

#include <type_traits>
#include <utility>

#define RBLNC_TILE_ROWS 6
#define RBLNC_TILE_VECTORS 2
#define RBLNC_VECTOR_BYTES 32

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,f16c,lzcnt,popcnt"))), apply_to = function)
namespace rblnc::emulator {
namespace {
#include "Kernels.inc"
} // namespace

const KernelTable &avx2Kernels() {
  static const KernelTable table = makeTable("avx2");
  return table;
}

} // namespace rblnc::emulator
#pragma clang attribute pop
#else
namespace rblnc::emulator {
const KernelTable &avx2Kernels() { return baselineKernels(); }
} // namespace rblnc::emulator
#endif
