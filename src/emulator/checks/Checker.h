// The checks of a run: reads of SRAM that was never written, data races, registers that were not loaded, divisions by
// zero.
#pragma once

#include "Findings.h"
#include "Ordering.h"
#include "memory/Footprint.h"
#include "program/Observer.h"

#include <map>

namespace rblnc::emulator {

/// Which bytes of an SRAM have been written: a bit for each.
class WrittenBytes {
public:
  void add(int64_t first, int64_t count);
  /// The first byte of the range that has not been written, or -1.
  int64_t firstMissing(int64_t first, int64_t count) const;

private:
  void grow(int64_t end);
  std::vector<uint64_t> words;
};

class Checker : public Observer {
public:
  Checker(const DecodedProgram &program, Findings &findings)
      : program(program), findings(findings), ordering(program), registers(program.registerCount()) {}

  void beforeCommand(CommandPlace place, const Touched &touched) override;
  void afterCommand(CommandPlace place, const Outcome &outcome) override;
  void afterLoadScalar(CommandPlace place, uint32_t reg) override;
  void afterSkip(CommandPlace place, uint32_t reg, uint32_t skipped) override;
  void afterSignal(CommandPlace place, uint32_t semaphore) override;
  void afterWait(CommandPlace place, uint32_t semaphore, uint32_t value) override;

private:
  /// What one command did to one memory.
  struct Record {
    Footprint footprint;
    CommandPlace place;
    Epoch epoch;
  };
  /// The accesses to one memory that some other queue may still run into, by queue and in order.
  struct History {
    std::vector<std::vector<Record>> byQueue;
    size_t pruneAt = 1024;
  };
  struct RegisterState {
    bool isLoaded = false;
    CommandPlace loadedBy;
    Epoch loadedAt = 0;
    struct Use {
      CommandPlace place;
      Epoch epoch;
    };
    std::map<uint32_t, Use> uses; ///< the last of each queue
  };

  void checkWritten(CommandPlace place, const Footprint &footprint);
  void checkRaces(CommandPlace place, const Footprint &footprint);
  void remember(CommandPlace place, Footprint footprint);
  void useRegister(CommandPlace place, uint32_t reg);
  void giveUp(CommandPlace place);

  const DecodedProgram &program;
  Findings &findings;
  Ordering ordering;
  std::map<std::pair<bundle::Memory, uint32_t>, WrittenBytes> written;
  std::map<std::pair<bundle::Memory, uint32_t>, History> histories;
  std::vector<RegisterState> registers;
  /// Steps that the search for races may still take. It is far beyond what real programs need.
  uint64_t budget = uint64_t{1} << 28;
  bool hasGivenUp = false;
};

} // namespace rblnc::emulator
