// The figures of a target as rows, from which reading, checking and printing follow.
#pragma once

#include "rblnc/target/Target.h"

#include <variant>

namespace rblnc {

struct FigureRow {
  llvm::StringRef key;
  std::variant<uint32_t Target::*, int64_t Target::*, double Target::*, ComputeDType Target::*> field;
  /// Of numbers: the values that make sense; anything else is a mistake in the file.
  double least = 0;
  double greatest = 0;
  /// What files without it mean; none where it must be there.
  std::optional<double> otherwise = {};
};

inline const FigureRow figureRows[] = {
#define RBLNC_FIGURE(type, field, key, least, greatest) {#key, &Target::field, least, greatest},
#define RBLNC_LATER_FIGURE(type, field, key, least, greatest, otherwise)                                               \
  {#key, &Target::field, least, greatest, otherwise},
#define RBLNC_DTYPE_FIGURE(field, key) {#key, &Target::field},
#include "rblnc/target/Figures.def"
};

} // namespace rblnc
