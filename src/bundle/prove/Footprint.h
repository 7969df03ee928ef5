// The bytes that an access may touch, for all values that registers may have, and proofs that two such sets do not
// meet.
#pragma once

#include "Conditions.h"

#include "rblnc/bundle/Accesses.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace rblnc::bundle::prover {

/// 0, stride, ... (count - 1) * stride with count > 1 and stride > 0.
struct Span {
  int64_t stride, count;
};

/// A row number w, from `first` to `last`, times `stride`. Where the row hangs together with a register that has one
/// value in all of a run, w - register is at least `lower` and at most `upper`.
struct Row {
  int64_t stride, first, last;
  uint32_t reg = 0;
  std::optional<int64_t> lower{}, upper{};
};

/// Bytes at base + one of each span + one of each row + value * scale of each term + less than the element's size.
struct Form {
  struct Term {
    uint32_t reg;
    int64_t scale;
  };
  /// Numbers became too large to reason about: nothing is known.
  bool isWild = false;
  int64_t base = 0;
  llvm::SmallVector<Span, 4> spans;
  llvm::SmallVector<Row, 2> rows;
  llvm::SmallVector<Term, 2> terms;
};

/// Two descriptions that both hold all bytes: one with the registers as they stand in the address, which cancel out
/// where both accesses add the same; and one where each register and the axis that it moves along are one row number,
/// which clips keep inside of the array and on one side of the register.
struct Footprint {
  int64_t first = 0, last = -1; ///< nothing is touched when last < first
  int64_t element = 1;
  Form plain, placed;

  bool isEmpty() const { return last < first; }
  /// Where it lies within periods of so many bytes, if in the same place of all.
  struct Residue {
    int64_t first, last;
  };
  std::optional<Residue> residueIn(int64_t period) const;
};

/// Registers that are loaded more than once may have other values elsewhere; `bytes` is the size of the memory, which
/// the verifier has proven to hold all of the access.
Footprint footprintOf(const AccessUse &use, const Program &program, const Conditions &conditions, int64_t bytes);

/// True only when no run of the program lets the two touch the same byte. Takes at most a few thousand steps, which are
/// added to `steps`.
bool areApart(const Footprint &a, const Footprint &b, const Program &program, uint64_t &steps);

} // namespace rblnc::bundle::prover
