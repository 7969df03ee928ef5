// Under which conditions commands run: the skips around them.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include <map>
#include <optional>
#include <vector>

namespace rblnc::bundle::prover {

/// One command: queue, and number within the queue.
struct Place {
  uint32_t queue, command;
};

/// Sets of conditions that must hold for a command to run. A condition is "register r is zero" (2r + 1) or "is not
/// zero" (2r): two skips have the same one when they test the same register in the same way and the program loads it at
/// most once. Every other skip is a condition of its own, with an even number, so that condition ^ 1 is the opposite or
/// nothing.
class Conditions {
public:
  using Set = std::vector<uint32_t>; ///< sorted
  using Number = uint32_t;           ///< of a set; 0 is the empty set

  explicit Conditions(const Program &program);
  Conditions(Conditions &&) = default;
  /// The same commands when all of `assumed` holds: what it says is left out of the sets.
  Conditions assuming(const Set &assumed) const;

  Number of(Place place) const { return numbers[place.queue][place.command]; }
  const Set &set(Number number) const { return *sets[number]; }
  /// False for sets with a condition and its opposite: their commands never run.
  bool isPossible(Number number) const { return possible[number]; }
  /// Whether what runs under `inner` runs only when `outer` holds as well.
  bool implies(Number inner, Number outer) const;
  /// Whether commands of the two can run in one run of the program.
  bool areCompatible(Number a, Number b) const;
  /// All conditions of both.
  Set join(Number a, Number b) const;
  /// Whether a set's conditions are all among these.
  bool holds(Number number, const Set &among) const;
  /// The number of the set of all conditions of both, when some command has it and it is possible.
  std::optional<Number> numberOfBoth(Number a, Number b) const;
  /// How many commands load a register.
  uint32_t loadsOf(uint32_t reg) const { return loads[reg]; }

private:
  Conditions() = default;
  Number numberOf(Set set);

  std::vector<uint32_t> loads;
  std::map<Set, Number> known;
  std::vector<const Set *> sets; ///< in `known`
  std::vector<bool> possible;
  std::vector<std::vector<Number>> numbers;
};

} // namespace rblnc::bundle::prover
