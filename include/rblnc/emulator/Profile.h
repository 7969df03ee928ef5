// Where the modelled time of a run goes: by unit, by command and by Python line, and what the device could have done.
//
// Made only when RunOptions::profile is set. Bytes and operations are exact; seconds are those of the timing model
// (src/emulator/README.md).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace rblnc::emulator {

/// One executed command on the device's time line.
struct Slice {
  uint32_t queue = 0, command = 0; ///< its place in the program
  double begin = 0, end = 0;       ///< seconds; a wait begins when its queue reaches it
  double stalled = 0;              ///< of a wait: seconds until its semaphore was there
  uint64_t dramBytes = 0, movedBytes = 0, flops = 0, vectorOps = 0;

  double seconds() const { return end - begin; }
};

/// What the commands of one Python line did. Commands without a line, or whose line has no file, are one entry.
struct LineProfile {
  uint32_t line = 0; ///< index into the bundle's lines: the first one with this file and line
  uint64_t commands = 0, dmaBytes = 0, dramBytes = 0, flops = 0, vectorOps = 0;
  /// The modelled time, divided at each moment evenly among the commands that run then. The sum over all lines, and the
  /// moments when nothing runs, are the modelled time.
  double seconds = 0;
  /// How long its commands occupied their queues, without stalls; more than `seconds` where queues overlap.
  double busySeconds = 0;
};

/// The least time that the target can take: its engines share the operations evenly, and each input is read once and
/// each output written once. An engine runs one command at a time, so its products and its vector programs add up;
/// transfers go on meanwhile.
struct Roofline {
  double matrixSeconds = 0; ///< operations of matrix products at the peak of their dtypes
  double vectorSeconds = 0; ///< operations of vector programs at the peak
  double memorySeconds = 0; ///< compulsory bytes over the DRAM bandwidth

  double bound() const;
  /// "memory", or what takes more of the engines' time, "matrix" or "vector".
  std::string_view limit() const;
};

enum class Bottleneck : uint8_t { compute, memory, latency };
std::string_view nameOf(Bottleneck bottleneck);

/// How many bytes of one on-chip memory hold something that will still be read.
struct Occupancy {
  bool isShared = false; ///< shared SRAM; else the scratchpad of an engine
  uint32_t unit = 0;
  struct Point {
    double seconds;
    uint64_t bytes; ///< from this moment on
  };
  std::vector<Point> points; ///< by rising time

  uint64_t peak() const;
};

struct Profile {
  /// Bytes of arguments that are read before the run writes them, and that are written, each counted once.
  uint64_t compulsoryReadBytes = 0, compulsoryWrittenBytes = 0;
  uint64_t compulsoryBytes() const { return compulsoryReadBytes + compulsoryWrittenBytes; }

  Roofline roofline;
  /// Products at their peak over the modelled time of all engines: 0 to 1.
  double matrixUtilisation = 0;
  /// Mean over greatest time that the target's engines compute: 0 to 1; 1 when none does.
  double engineBalance = 1;
  /// Seconds in which the busiest engine computes, bytes of DRAM or shared SRAM move, and neither happens anywhere
  /// (set-up, signals, waits). The largest of the three is the bottleneck.
  double computeSeconds = 0, memorySeconds = 0, latencySeconds = 0;
  Bottleneck bottleneck() const;

  std::vector<LineProfile> lines; ///< by falling seconds
  std::vector<Slice> slices;      ///< queue by queue, in the order of execution
  std::vector<Occupancy> occupancy;
};

} // namespace rblnc::emulator
