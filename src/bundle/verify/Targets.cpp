// The figures of the targets that are frozen into a bundle.
#include "Context.h"

#include <cmath>
#include <fmt/format.h>

namespace rblnc::bundle::verifier {
namespace {

llvm::Error verifyTarget(Context &context, const Target &target) {
  auto fail = [&](const char *figure) {
    return context.error(Code::B021, fmt::format("target '{}' has a senseless {}", target.name()->str(), figure));
  };
  constexpr int64_t tebi = int64_t{1} << 40;
  if (target.engines() < 1 || target.engines() > 4096)
    return fail("number of engines");
  if (target.scratchpad_bytes() < 0 || target.scratchpad_bytes() > tebi)
    return fail("scratchpad size");
  if (target.shared_bytes() < 0 || target.shared_bytes() > tebi)
    return fail("shared SRAM size");
  if (target.dram_bytes() < 0 || target.dram_bytes() > 64 * tebi)
    return fail("DRAM size");
  const std::pair<double, const char *> rates[] = {{target.dram_bytes_per_second(), "DRAM bandwidth"},
                                                   {target.shared_bytes_per_second(), "shared SRAM bandwidth"},
                                                   {target.matmul_flops_per_second(), "matrix rate"},
                                                   {target.matmul_f32_ratio(), "f32 ratio"},
                                                   {target.matmul_i8_ratio(), "i8 ratio"},
                                                   {target.vector_ops_per_second(), "vector rate"}};
  for (auto [rate, name] : rates)
    if (!(rate >= 1e-6 && rate <= 1e18)) // NaN too
      return fail(name);
  const std::pair<double, const char *> times[] = {{target.dma_setup_seconds(), "DMA set-up time"},
                                                   {target.matmul_setup_seconds(), "matrix set-up time"},
                                                   {target.vector_setup_seconds(), "vector set-up time"},
                                                   {target.sync_seconds(), "synchronisation time"}};
  for (auto [time, name] : times)
    if (!(time >= 0 && time <= 1))
      return fail(name);
  std::string dtype = target.compute_dtype() ? target.compute_dtype()->str() : std::string();
  if (dtype != "dlf16" && dtype != "bf16")
    return fail("compute dtype");
  return llvm::Error::success();
}

} // namespace

llvm::Error verifyTargets(Context &context) {
  if (context.bundle.targets())
    for (const Target *target : *context.bundle.targets())
      if (llvm::Error error = verifyTarget(context, *target))
        return error;
  return llvm::Error::success();
}

} // namespace rblnc::bundle::verifier
