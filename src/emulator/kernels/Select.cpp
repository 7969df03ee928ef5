// Chooses the kernels for this host.
#include "Kernels.h"

#include <cstdlib>
#include <string_view>

namespace rblnc::emulator {
namespace {

const KernelTable &choose() {
  const char *wished = std::getenv("RBLNC_ISA");
  std::string_view most = wished ? wished : "avx512";
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool hasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                 __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c") && __builtin_cpu_supports("lzcnt") &&
                 __builtin_cpu_supports("popcnt");
  bool hasAvx512 = hasAvx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl");
  if (hasAvx512 && most == "avx512")
    return avx512Kernels();
  if (hasAvx2 && most != "baseline")
    return avx2Kernels();
#endif
  return baselineKernels();
}

} // namespace

const KernelTable &kernels() {
  static const KernelTable &table = choose();
  return table;
}

} // namespace rblnc::emulator
