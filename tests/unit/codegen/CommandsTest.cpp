// What commands say in a bundle: accesses, clips, fills, checks of overflow, branches.
#include "Encoded.h"

using namespace rblnc;

static const bundle::CommandT &command(const bundle::BundleT &bundle, size_t queue = 0, size_t n = 0) {
  return *bundle.programs[0]->queues.at(queue)->commands.at(n);
}

static const char *const twoRegisters = "#npu.register<0, 3, \"n\">, #npu.register<-5, 7, \"m\">";

TEST_CASE("offsets, strides and terms are bytes, and a buffer's address counts") {
  auto bundle =
      test::encoded(test::program("%x = npu.argument \"x\" f16 [4096] \"in\"\n"
                                  "%t = npu.buffer \"t\" scratchpad 3 bytes 256 at 512\n"
                                  "npu.dma <neural_dma 3> [2, 8] %x <f16, 5, [64, 1], registers [1, 0], scales "
                                  "[3, 128]> to %t <f16, 7, [8, 1]>",
                                  twoRegisters));
  const bundle::DmaT &dma = *command(*bundle).body.AsDma();
  CHECK(dma.shape == std::vector<int64_t>{2, 8});
  CHECK(dma.source->memory == bundle::Memory::dram);
  CHECK(dma.source->offset == 10);
  CHECK(dma.source->strides == std::vector<int64_t>{128, 2});
  REQUIRE(dma.source->terms.size() == 2);
  CHECK(dma.source->terms[0].register_() == 1);
  CHECK(dma.source->terms[0].scale() == 6);
  CHECK(dma.source->terms[1].scale() == 256);
  CHECK(dma.destination->memory == bundle::Memory::scratchpad);
  CHECK(dma.destination->unit == 3);
  CHECK(dma.destination->offset == 512 + 14);
  CHECK(!dma.has_fill);
  CHECK(!dma.layout_change);
  CHECK(bundle->programs[0]->queues[0]->unit == bundle::Unit::neural_dma);
  CHECK(bundle->programs[0]->queues[0]->index == 3);
}

TEST_CASE("clips keep both of their sides, fills their bits and layout changes their mark") {
  auto bundle = test::encoded(test::program(
      "%x = npu.argument \"x\" f32 [4096] \"in\"\n%t = npu.buffer \"t\" shared 0 bytes 256 at 0\n"
      "npu.dma <task_dma 0> [2, 8] %x <f32, 0, [64, 1]> to %t <f32, 0, [8, 1]> clips "
      "[#npu.clip<axis = 1, lo = 2, hi = 8, reg = 1, lo_scale = -3, hi_scale = 4>, #npu.clip<axis = 0, lo = 0, "
      "hi = 1>] fill -0.0 : f32 layout_change",
      twoRegisters));
  const bundle::DmaT &dma = *command(*bundle).body.AsDma();
  REQUIRE(dma.clips.size() == 2);
  CHECK(dma.clips[0].axis() == 1);
  CHECK(dma.clips[0].register_() == 1);
  CHECK(dma.clips[0].lo() == 2);
  CHECK(dma.clips[0].lo_scale() == -3);
  CHECK(dma.clips[0].hi() == 8);
  CHECK(dma.clips[0].hi_scale() == 4);
  CHECK(dma.clips[1].register_() == -1);
  CHECK(dma.has_fill);
  CHECK(dma.fill == 0x80000000);
  CHECK(dma.layout_change);
}

TEST_CASE("a product starts at what it is given, also in a batch") {
  const std::string buffers = "%a = npu.buffer \"a\" scratchpad 0 bytes 4096 at 0\n";
  for (bool isBatched : {false, true})
    for (bool hasStart : {false, true}) {
      std::string access = isBatched ? " <f32, 64, [4, 3, 2, 1]>" : " <f32, 64, [3, 2, 1]>";
      auto bundle = test::encoded(test::program(buffers + "npu.matmul <neural_engine 0> [" + (isBatched ? "5" : "") +
                                                "] [2, 3, 4] %a" + access + ", %a" + access +
                                                (hasStart ? " plus %a" + access : "") + " to %a" + access));
      const bundle::MatmulT &matmul = *command(*bundle).body.AsMatmul();
      CHECK(matmul.batch == (isBatched ? std::vector<int64_t>{5} : std::vector<int64_t>{}));
      CHECK(matmul.m == 2);
      CHECK(matmul.n == 3);
      CHECK(matmul.k == 4);
      CHECK((matmul.c != nullptr) == hasStart);
      if (hasStart)
        CHECK(matmul.c->offset == 256);
    }
}

TEST_CASE("every check of overflow keeps its operation, width, factors and exceptions") {
  struct Row {
    const char *operation;
    bundle::CheckedOp encoded;
  };
  const Row rows[] = {{"+", bundle::CheckedOp::add},         {"-", bundle::CheckedOp::subtract},
                      {"*", bundle::CheckedOp::multiply},    {"<<", bundle::CheckedOp::shift},
                      {"append", bundle::CheckedOp::append}, {"append last", bundle::CheckedOp::append_last},
                      {"", bundle::CheckedOp::none}};
  for (const Row &row : rows)
    for (int width : {8, 16, 32, 64}) {
      INFO(row.operation << " of " << width);
      bool isAppend = row.operation[0] == 'a';
      auto bundle = test::encoded(test::program(
          "%x = npu.argument \"x\" i32 [] \"in\" scalar\nnpu.load_scalar <task_dma 0> 1 %x <i32, 0, []> checks "
          "[#npu.overflow<\"" +
              std::string(row.operation) + "\", " + std::to_string(width) +
              ", registers [0], [1, 2, -3], [4, 5, 6] unless [0]" + std::string(isAppend ? " partition 9" : "") +
              ", loc(\"k.py\":7:3)>]",
          twoRegisters));
      const bundle::LoadScalarT &load = *command(*bundle).body.AsLoadScalar();
      CHECK(load.register_ == 1);
      REQUIRE(load.checks.size() == 1);
      const bundle::OverflowCheckT &check = *load.checks[0];
      CHECK(check.operation == row.encoded);
      CHECK(check.width == width);
      CHECK(check.lhs == std::vector<int64_t>{1, 2, -3});
      CHECK(check.rhs == std::vector<int64_t>{4, 5, 6});
      CHECK(check.registers == std::vector<uint32_t>{0});
      CHECK(check.unless == std::vector<uint32_t>{0});
      CHECK(check.partition == (isAppend ? 9 : 0));
      const bundle::LineT &line = *bundle->lines.at(check.line);
      REQUIRE(!line.frames.empty());
      CHECK(line.frames[0]->line == 7);
      CHECK(line.frames[0]->column == 3);
    }
}

TEST_CASE("branches, signals and waits") {
  auto bundle = test::encoded(test::program("npu.skip <neural_dma 0> 1 when_zero count 1\n"
                                            "npu.signal <neural_dma 0> 1\nnpu.skip <neural_dma 0> 0 count 2\n"
                                            "npu.wait <task_dma 0> 1 reaches 4",
                                            twoRegisters));
  const bundle::SkipT &first = *command(*bundle, 0, 0).body.AsSkip();
  CHECK(first.when_zero);
  CHECK(first.register_ == 1);
  CHECK(first.count == 1);
  CHECK(command(*bundle, 0, 1).body.AsSignal()->semaphore == 1);
  const bundle::SkipT &second = *command(*bundle, 0, 2).body.AsSkip();
  CHECK(!second.when_zero);
  CHECK(second.count == 2);
  CHECK(command(*bundle, 1, 0).body.AsWait()->semaphore == 1);
  CHECK(command(*bundle, 1, 0).body.AsWait()->value == 4);
  const auto &registers = bundle->programs[0]->registers;
  REQUIRE(registers.size() == 2);
  CHECK(registers[1]->min == -5);
  CHECK(registers[1]->max == 7);
  CHECK(registers[1]->name == "m");
  CHECK(bundle->programs[0]->semaphores == 2);
}
