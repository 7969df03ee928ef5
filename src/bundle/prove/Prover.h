// One program's proof: every command in an order that its queues and waits keep, against all that came before it.
#pragma once

#include "History.h"
#include "Ordering.h"

#include "rblnc/support/Diagnostic.h"

#include <memory>

namespace rblnc::bundle::prover {

class Prover {
public:
  Prover(const Bundle &bundle, const Program &program, Code code, std::vector<Diagnostic> &faults);
  void run();

private:
  /// A memory that several queues touch and one writes; the registers are one too.
  struct Space {
    Memory memory = Memory::dram;
    uint32_t unit = 0;
    bool isRegisters = false;
    std::vector<uint32_t> queues{};
    std::unique_ptr<History> history{};
  };
  struct Touch {
    uint32_t command, space, leaf;
    bool isWrite;
  };
  struct Loads {
    std::vector<Place> places{};
  };
  struct World;

  void listSpaces();
  void listTouches();
  void check(Place place, const Touch &touch);
  void checkLoaded(Place place, uint32_t reg);
  /// Whether one of the two is over before the other begins in every run that has both.
  bool areOrdered(Place a, Place b);
  /// Whether `load` is over before `use` begins in every run that has `use`.
  bool isLoadedBefore(Place load, Place use);
  const World *worldOf(const Conditions::Set &assumed);

  void addRace(const Space &space, const Touch &touch, Place place, uint32_t otherLeaf, Place other, bool otherWrites);
  void addFault(Place place, std::string message, std::string fix);
  void giveUp();
  const Command &commandAt(Place place) const;
  std::string nameOf(Place place) const;
  bool isDone() const { return faults.size() >= mostFaults || hasGivenUp; }

  static constexpr size_t mostFaults = 4;

  const Bundle &bundle;
  const Program &program;
  Code code;
  std::vector<Diagnostic> &faults;
  Conditions conditions;
  Ordering ordering;
  std::vector<Space> spaces;
  std::vector<std::vector<Touch>> touches; ///< by queue
  std::vector<Loads> loads;                ///< by register
  std::unique_ptr<World> world;
  uint64_t steps = 0;
  bool hasGivenUp = false;
};

} // namespace rblnc::bundle::prover
