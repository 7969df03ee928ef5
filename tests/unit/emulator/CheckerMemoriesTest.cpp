// The checks look at every memory on the chip, down to its last byte.
#include "emulator/Elements.h"

using namespace rblnc::test;

namespace {

std::vector<std::string> codes(const RunResult &result) {
  std::vector<std::string> list;
  for (const rblnc::Diagnostic &finding : result.findings)
    list.push_back(std::string(rblnc::infoOf(finding.code).name.substr(5)));
  return list;
}

using Codes = std::vector<std::string>;

RunResult checked(const TestBundle &bundle, Arrays &arrays) {
  RunOptions options;
  options.checks = true;
  return run(bundle, arrays, options);
}

} // namespace

TEST_CASE("RBLN-R040: an unwritten byte of shared SRAM or of any scratchpad is read", "[checks]") {
  auto [memory, unit] = GENERATE(table<Memory, uint32_t>(
      {{Memory::shared, 0}, {Memory::scratchpad, 0}, {Memory::scratchpad, 1}, {Memory::scratchpad, 7}}));
  // Of 130 bytes from byte 61 on, all but one are written; a word of the checks' map has 64.
  for (int64_t missing : {-1, 0, 1, 2, 3, 66, 67, 128, 129}) {
    INFO("memory " << static_cast<int>(memory) << ", unit " << unit << ", byte " << missing);
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::i8, 130, Direction::in),
             y = bundle.argument("y", DType::i8, 130, Direction::out);
    auto write = [&](int64_t first, int64_t end) {
      if (first < end)
        bundle.addDma({end - first}, dram(x, DType::i8, first, {1}), access(memory, unit, DType::i8, 61 + first, {1}),
                      Unit::task_dma);
    };
    write(0, missing < 0 ? 130 : missing);
    write(missing < 0 ? 130 : missing + 1, 130);
    bundle.addDma({130}, access(memory, unit, DType::i8, 61, {1}), dram(y, DType::i8, 0, {1}), Unit::task_dma);
    std::vector<int8_t> in(130), out(130);
    Arrays arrays;
    arrays.bind("x", in).bind("y", out);
    RunResult result = checked(bundle, arrays);
    REQUIRE(codes(result) == (missing < 0 ? Codes{} : Codes{"R040"}));
    if (missing >= 0)
      CHECK(result.findings[0].message.find("reads byte " + std::to_string(61 + missing)) != std::string::npos);
  }
}

TEST_CASE("RBLN-R041: two queues race about one byte, written by one or by both, in every memory", "[checks]") {
  auto memory = GENERATE(Memory::dram, Memory::shared, Memory::scratchpad);
  bool bothWrite = GENERATE(false, true);
  // The first writes bytes 0 to 9; the second touches 10 from `start` on.
  for (int64_t start : {-10, -9, 0, 9, 10}) {
    INFO("memory " << static_cast<int>(memory) << ", start " << start << ", both write " << bothWrite);
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::i8, 64, Direction::in),
             y = bundle.argument("y", DType::i8, 64, Direction::out);
    uint32_t z = bundle.argument("z", DType::i8, 64, Direction::inout);
    auto place = [&](int64_t first) {
      return access(memory, memory == Memory::dram ? z : 0, DType::i8, 16 + first, {1});
    };
    if (memory != Memory::dram && !bothWrite) {
      // What the second reads is there either way.
      bundle.addDma({40}, dram(x, DType::i8, 0, {1}), access(memory, 0, DType::i8, 0, {1}), Unit::neural_dma);
      bundle.signal(0, Unit::neural_dma);
      bundle.wait(0, 1, Unit::neural_engine);
    }
    bundle.addDma({10}, dram(x, DType::i8, 0, {1}), place(0), Unit::neural_dma);
    if (bothWrite)
      bundle.addDma({10}, dram(x, DType::i8, 0, {1}), place(start), Unit::neural_engine);
    else
      bundle.addDma({10}, place(start), dram(y, DType::i8, 0, {1}), Unit::neural_engine);
    std::vector<int8_t> in(64), out(64), both(64);
    Arrays arrays;
    arrays.bind("x", in).bind("y", out).bind("z", both);
    CHECK(codes(checked(bundle, arrays)) == (std::abs(start) < 10 ? Codes{"R041"} : Codes{}));
  }
}
