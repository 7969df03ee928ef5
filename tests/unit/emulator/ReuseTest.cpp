// A run starts with zeroed memories, whatever ran before on the thread.
#include "emulator/Elements.h"

#include <thread>

using namespace rblnc::test;

namespace {

constexpr int64_t megabyte = 1 << 20;
constexpr int64_t scratchpadEnd = 4 * megabyte, sharedEnd = 32 * megabyte;

/// Copies 64 bytes between an argument and scratchpad 0, scratchpad 5, shared SRAM and workspace, at places given in 64
/// bytes by the argument "at"; or the same backwards.
struct Places : TestBundle {
  explicit Places(bool isWriter) {
    uint32_t data = argument("data", DType::i8, 256, isWriter ? Direction::in : Direction::out),
             at = argument("at", DType::i32, 1, Direction::in);
    uint32_t space = workspace(megabyte), reg = addRegister(0, megabyte / 64 - 1);
    loadScalar(reg, dram(at, DType::i32, 0, {}));
    auto copy = [&](int64_t offset, std::unique_ptr<rblnc::bundle::AccessT> place) {
      auto array = dram(data, DType::i8, offset, {1});
      if (isWriter)
        addDma({64}, std::move(array), std::move(place));
      else
        addDma({64}, std::move(place), std::move(array));
    };
    std::vector<rblnc::bundle::Term> term = {{reg, 64}};
    copy(0, access(Memory::scratchpad, 0, DType::i8, 3 * megabyte, {1}, term));
    copy(64, access(Memory::scratchpad, 5, DType::i8, 0, {1}, term));
    copy(128, access(Memory::shared, 0, DType::i8, sharedEnd - megabyte, {1}, term));
    copy(192, access(Memory::dram, space, DType::i8, 0, {1}, term));
  }

  std::vector<uint8_t> go(std::vector<uint8_t> data, int32_t place) {
    std::vector<int32_t> at = {place};
    RunOptions options;
    options.checks = false;
    run(*this, Arrays().bind("data", data).bind("at", at), options);
    return data;
  }
};

} // namespace

TEST_CASE("no run sees what an earlier one wrote", "[machine]") {
  int32_t place = GENERATE(0, 1, 7000, megabyte / 64 - 1);
  Places writer(true), reader(false);
  for (int round = 0; round < 3; ++round) {
    writer.go(std::vector<uint8_t>(256, 0xff), place);
    CHECK(reader.go(std::vector<uint8_t>(256, 1), place) == std::vector<uint8_t>(256, 0));
  }
}

TEST_CASE("what is written backwards is cleared, too", "[machine]") {
  TestBundle writer, reader;
  uint32_t in = writer.argument("x", DType::f32, 64, Direction::in);
  writer.addDma({64}, dram(in, DType::f32, 0, {4}), pad(DType::f32, scratchpadEnd - 4, {-4}));
  uint32_t out = reader.argument("x", DType::f32, 64, Direction::out);
  reader.addDma({64}, pad(DType::f32, scratchpadEnd - 256, {4}), dram(out, DType::f32, 0, {4}));
  RunOptions options;
  options.checks = false;
  std::vector<float> ones(64, 1.0f), result(64, 2.0f);
  run(writer, Arrays().bind("x", ones), options);
  run(reader, Arrays().bind("x", result), options);
  CHECK(result == std::vector<float>(64, 0.0f));
}

TEST_CASE("one machine runs in several threads", "[machine]") {
  TestBundle builder;
  uint32_t x = builder.argument("x", DType::f32, 1000, Direction::in),
           y = builder.argument("y", DType::f32, 1000, Direction::out);
  builder.addDma({1000}, dram(x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  builder.addDma({1000}, pad(DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}));
  auto bundle = llvm::cantFail(openBytes(builder.bytes()));
  auto machine = llvm::cantFail(rblnc::emulator::Machine::create(bundle));
  std::vector<std::vector<float>> results(4);
  std::vector<std::thread> threads;
  for (size_t number = 0; number < results.size(); ++number)
    threads.emplace_back([&, number] {
      for (int round = 0; round < 200; ++round) {
        std::vector<float> in(1000, static_cast<float>(number + 1)), out(1000);
        Arrays arrays;
        arrays.bind("x", in).bind("y", out);
        llvm::cantFail(machine.run(arrays.arguments).takeError());
        results[number] = out;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  for (size_t number = 0; number < results.size(); ++number)
    CHECK(results[number] == std::vector<float>(1000, static_cast<float>(number + 1)));
}
