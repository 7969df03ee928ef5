// The kernels for hosts with AVX-512.
#include "Kernels.h"

#include <type_traits>
#include <utility>

#define RBLNC_TILE_ROWS 12
#define RBLNC_TILE_VECTORS 2
#define RBLNC_VECTOR_BYTES 64

#if defined(__x86_64__)
#pragma clang attribute push(                                                                                          \
    __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi,bmi2,f16c,lzcnt,popcnt"))),        \
    apply_to = function)
namespace rblnc::emulator {
namespace {
#include "Kernels.inc"
} // namespace

const KernelTable &avx512Kernels() {
  static const KernelTable table = makeTable("avx512");
  return table;
}

} // namespace rblnc::emulator
#pragma clang attribute pop
#else
namespace rblnc::emulator {
const KernelTable &avx512Kernels() { return baselineKernels(); }
} // namespace rblnc::emulator
#endif
