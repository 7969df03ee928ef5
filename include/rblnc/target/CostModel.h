// What a device command takes on a target: the one home of the timing model's formulas (src/emulator/README.md says
// what they mean). The planner chooses by them, and the emulator's modelled times are made of them.
//
// A command first occupies its queue for its set-up; what remains then goes on all at the same time: the unit's work,
// and bytes over the paths that all engines share. Where a figure of the target comes from stands beside it in
// src/target/chips.
#pragma once

#include "rblnc/target/Target.h"

namespace rblnc {

/// One command. Seconds are the command's own; bytes take longer the more commands move some at the same time.
struct CommandCost {
  double setupSeconds = 0;
  double unitSeconds = 0; ///< of computation
  double dramBytes = 0;   ///< read from and written to DRAM
  double sharedBytes = 0; ///< read from and written to shared SRAM
};

class CostModel {
public:
  explicit CostModel(const Target &target);

  /// A copy between memories. Its unit does nothing but move bytes.
  CommandCost transfer(double dramBytes, double sharedBytes) const {
    return {transferSetupSeconds, 0, dramBytes, sharedBytes};
  }
  /// A copy of so many rows, each at a place of its own that an index in memory says. Nothing is published on how the
  /// chips do that. Assumed: a row is set up like a transfer, and a DMA unit sets up `rowsAtOnce` of them at a time, as
  /// many as Rebel's DMA has execution engines a die (ISSCC 2026).
  CommandCost indexedTransfer(double rows, double dramBytes, double sharedBytes) const {
    double setups = rows > rowsAtOnce ? rows / rowsAtOnce : 1;
    return {transferSetupSeconds * setups, 0, dramBytes, sharedBytes};
  }
  static constexpr double rowsAtOnce = 8;
  /// A matrix product of so many operations (a multiply-add counts two) at a rate of productRate.
  CommandCost product(double operations, double rate, double dramBytes = 0, double sharedBytes = 0) const {
    return {productSetupSeconds, operations / rate, dramBytes, sharedBytes};
  }
  /// A vector program of so many scalar operations: elements times instructions, whatever they compute.
  CommandCost vector(double operations, double dramBytes = 0, double sharedBytes = 0) const {
    return {vectorSetupSeconds, operations / vectorOperationsPerSecond, dramBytes, sharedBytes};
  }
  /// A signal, a wait, a skip, or the load of a register.
  CommandCost synchronization(double dramBytes = 0, double sharedBytes = 0) const {
    return {synchronizationSeconds, 0, dramBytes, sharedBytes};
  }

  /// Operations a second of one engine's products whose operands have so many bits: integers of 8 bits, floats of 16
  /// bits, and everything else, each have a rate of their own.
  double productRate(unsigned operandBits, bool isFloat) const;

  /// Bytes that DRAM gives each engine while it sets up a transfer, when all of them load: what takes less time to
  /// move than to set up.
  double bytesOfSetup() const;

  // The figures, in seconds, bytes a second (of the whole device) and operations a second (of one engine).
  double engines;
  double dramBytesPerSecond, sharedBytesPerSecond;
  double transferSetupSeconds, productSetupSeconds, vectorSetupSeconds, synchronizationSeconds;
  double vectorOperationsPerSecond;

private:
  double f16Rate, f32Rate, i8Rate;
};

} // namespace rblnc
