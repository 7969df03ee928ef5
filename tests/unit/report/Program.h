// A program whose profile is known by hand, with texts that nobody should trust.
#pragma once

#include "emulator/Run.h"

#include "rblnc/report/Report.h"

namespace rblnc::test {

/// Loads 1000 f32 of `x` (5 us), doubles them (2 us) and stores them (5 us), one after the other on one of two engines
/// with round figures: 1 us to set up anything, 1 GB/s of DRAM, 1 Gop/s.
struct DoubleProgram : TestBundle {
  DoubleProgram(const char *argument = "x", const char *file = "kernel.py") {
    TargetT &target = *targets[0];
    target.engines = 2;
    target.dram_bytes_per_second = 1e9;
    target.dma_setup_seconds = target.vector_setup_seconds = 1e-6;
    target.vector_ops_per_second = 1e9;
    uint32_t x = this->argument(argument, DType::f32, 1000, Direction::in),
             y = this->argument("y", DType::f32, 1000, Direction::out);
    uint32_t load = addLine(file, 7);
    addDma({1000}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4})).line = load;
    TestVector vector;
    vector.outer = {1000};
    int in = vector.input(pad(DType::f32, 0, {4}));
    vector.output(vector.step(Op::addf, DType::f32, in, in), pad(DType::f32, 4096, {4}));
    addVector(std::move(vector));
    addDma({1000}, pad(DType::f32, 4096, {4}), dram(y, DType::f32, 0, {4}));
    arrays.bind(argument, in0).bind("y", out0);
  }

  /// Calls f with the profiled run.
  template <typename F> void profiled(F f) {
    RunOptions options;
    options.profile = true;
    RunResult result = run(*this, arrays, options);
    OpenBundle file = llvm::cantFail(openBytes(bytes()));
    f(report::ProfiledRun{*file, *file->programs()->Get(0), result.stats, *result.profile});
  }

  std::vector<float> in0 = std::vector<float>(1000), out0 = std::vector<float>(1000);
  Arrays arrays;
};

} // namespace rblnc::test
