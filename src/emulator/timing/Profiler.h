// Gathers what a Profile needs while a program runs.
#pragma once

#include "Compulsory.h"
#include "Cost.h"
#include "OccupancyTracker.h"
#include "Timing.h"
#include "program/Program.h"

namespace rblnc::emulator {

class Profiler {
public:
  Profiler(const DecodedProgram &program, const CostModel &model)
      : program(program), model(model), compulsory(*program.bundle), slices(program.queues.size()) {}

  /// What the next command of a queue touches.
  void touch(uint32_t queue, const Touched &touched);
  /// A command was executed.
  void add(CommandPlace place, const Cost &cost);

  /// Once, when the run is over and its commands' times are known.
  Profile finish(const Simulation &times);

private:
  const DecodedCommand &at(const Slice &slice) const { return program.queues[slice.queue].commands[slice.command]; }
  std::vector<LineProfile> lines(const Simulation &times) const;
  Roofline roofline() const;
  double engineBalance() const;
  template <typename F> void eachSlice(F f) const {
    for (const auto &queue : slices)
      for (const Slice &slice : queue)
        f(slice);
  }

  const DecodedProgram &program;
  const CostModel model;
  CompulsoryBytes compulsory;
  std::vector<std::vector<Slice>> slices; ///< by queue
  OccupancyTracker live;
};

} // namespace rblnc::emulator
