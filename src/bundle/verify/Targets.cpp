// The figures of the targets that are frozen into a bundle.
#include "Context.h"

#include "rblnc/target/Target.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {
namespace {

llvm::Error verifyTarget(Context &context, const Target &target) {
  auto fail = [&](const char *figure, const std::string &what) {
    return context.error(Code::B021, fmt::format("figure '{}' of target '{}' {}", figure, target.name()->str(), what));
  };
  auto isWithin = [](auto value, double least, double greatest) {
    auto number = static_cast<double>(value);
    return number >= least && number <= greatest; // not NaN
  };
#define RBLNC_FIGURE(type, field, key, least, greatest)                                                                \
  if (!isWithin(target.key(), least, greatest))                                                                        \
    return fail(#key, fmt::format("is {} and must be a number from {} to {}", target.key(), least, greatest));
#define RBLNC_DTYPE_FIGURE(field, key)                                                                                 \
  if (!target.key() || !computeDTypeOf(target.key()->string_view()))                                                   \
    return fail(#key, "names no type that is computed in");
#include "rblnc/target/Figures.def"
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
