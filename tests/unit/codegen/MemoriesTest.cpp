// Regions, buffers and the figures of a program: each memory's peak, each buffer's first and last use.
#include "Encoded.h"

#include <cstring>

using namespace rblnc;

TEST_CASE("each memory has a peak of its own: the end of what reaches furthest") {
  auto bundle = test::encoded(test::program("%a = npu.buffer \"a\" scratchpad 0 bytes 64 at 1024\n"
                                            "%b = npu.buffer \"b\" scratchpad 1 bytes 512 at 0\n"
                                            "%c = npu.buffer \"c\" shared 0 bytes 4096 at 128\n"
                                            "%d = npu.buffer \"d\" shared 0 bytes 64 at 0\n"
                                            "%e = npu.buffer \"e\" dram 0 bytes 8192 at 64\n"
                                            "%f = npu.buffer \"f\" dram 0 bytes 64 at 0"));
  const bundle::ProgramT &program = *bundle->programs[0];
  CHECK(program.peak_scratchpad == 1024 + 64);
  CHECK(program.peak_shared == 4096 + 128);
  REQUIRE(bundle->regions.size() == 1);
  CHECK(bundle->regions[0]->kind == bundle::RegionKind::workspace);
  CHECK(bundle->regions[0]->bytes == 8192 + 64);
  CHECK(program.buffers[1]->unit == 1);
  CHECK(program.buffers[0]->offset == 1024);
  CHECK(program.buffers[0]->name == "a");
}

TEST_CASE("a buffer is used from its first command to its last") {
  auto bundle = test::encoded(test::program(
      "%x = npu.argument \"x\" f32 [64] \"in\"\n%a = npu.buffer \"a\" scratchpad 0 bytes 256 at 0\n"
      "%b = npu.buffer \"b\" scratchpad 0 bytes 256 at 256\n%c = npu.buffer \"c\" scratchpad 0 bytes 256 at 512\n"
      "npu.signal <neural_dma 0> 0\nnpu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %a <f32, 0, [1]>\n"
      "npu.dma <neural_dma 0> [64] %a <f32, 0, [1]> to %b <f32, 0, [1]>\nnpu.signal <neural_dma 0> 0\n"
      "npu.dma <neural_dma 0> [64] %a <f32, 0, [1]> to %b <f32, 0, [1]>\n"
      "npu.dma <neural_dma 0> [64] %b <f32, 0, [1]> to %b <f32, 0, [1]>"));
  const auto &buffers = bundle->programs[0]->buffers;
  CHECK(buffers[0]->first == 1);
  CHECK(buffers[0]->last == 4);
  CHECK(buffers[1]->first == 2);
  CHECK(buffers[1]->last == 5);
  CHECK(buffers[2]->first == UINT32_MAX);
  CHECK(buffers[2]->last == 0);
}

TEST_CASE("arguments keep their direction, dtype and shape") {
  auto bundle = test::encoded(test::program("%x = npu.argument \"x\" bf16 [4, 8] \"in\"\n"
                                            "%y = npu.argument \"y\" i16 [16] \"out\" extent_only\n"
                                            "%z = npu.argument \"z\" f16 [2] \"inout\"\n"
                                            "%n = npu.argument \"n\" i64 [] \"in\" scalar"));
  const auto &signature = bundle->signature;
  REQUIRE(signature.size() == 4);
  CHECK(signature[0]->direction == bundle::Direction::in);
  CHECK(signature[0]->dtype == bundle::DType::bf16);
  CHECK(signature[0]->shape == std::vector<int64_t>{4, 8});
  CHECK(signature[0]->extent == 32);
  CHECK(bundle->regions[signature[0]->region]->bytes == 64);
  CHECK(signature[1]->direction == bundle::Direction::out);
  CHECK(!signature[1]->has_shape);
  CHECK(signature[1]->dtype == bundle::DType::i16);
  CHECK(signature[2]->direction == bundle::Direction::inout);
  CHECK(signature[3]->kind == bundle::ArgumentKind::scalar);
  CHECK(bundle->regions[signature[3]->region]->bytes == 8);
}

TEST_CASE("constants are little-endian, a splat is written out, and equal ones are one") {
  auto bundle = test::encoded(test::program("%a = npu.constant dense<[1, -2]> : tensor<2xi32>\n"
                                            "%b = npu.constant dense<-0.5> : tensor<3xf16>\n"
                                            "%c = npu.constant dense<[1, -2]> : tensor<2xi32>\n"
                                            "%d = npu.constant dense<[true, false]> : tensor<2xi1>"));
  REQUIRE(bundle->regions.size() == 3);
  CHECK(bundle->regions[0]->data == std::vector<uint8_t>{1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff});
  CHECK(bundle->regions[1]->data == std::vector<uint8_t>{0x00, 0xb8, 0x00, 0xb8, 0x00, 0xb8});
  CHECK(bundle->regions[1]->bytes == 6);
  CHECK(bundle->regions[2]->data == std::vector<uint8_t>{1, 0});
}

TEST_CASE("all constants together have a bound") {
  Diagnostics diagnostics;
  std::string half = "%a = npu.constant dense<1.0> : tensor<33554432xf32>\n"; // 128 MiB
  CHECK(!test::encoded({test::program(half + "%b = npu.constant dense<2.0> : tensor<33554433xf32>")}, diagnostics));
  REQUIRE(diagnostics.all().size() == 1);
  CHECK(diagnostics.all()[0].message.find("more than 256 MiB") != std::string::npos);
}

TEST_CASE("the programs of a kernel have one signature: each difference is refused") {
  const std::string one = "%x = npu.argument \"x\" f32 [4, 8] \"in\"";
  Diagnostics none;
  auto same = test::encoded({test::program(one), test::program(one)}, none);
  REQUIRE(same);
  CHECK(same->signature.size() == 1);
  CHECK(same->regions.size() == 1);
  CHECK(same->targets.size() == 2);
  CHECK(same->programs[1]->target == 1);
  for (const char *other :
       {"\"x\" i32 [4, 8] \"in\"", "\"x\" f32 [8, 4] \"in\"", "\"x\" f32 [4, 8] \"out\"", "\"x\" f32 [4, 8] \"inout\"",
        "\"x\" f32 [4, 9] \"in\"", "\"x\" f32 [4, 8] \"in\" extent_only", "\"y\" f32 [4, 8] \"in\""}) {
    INFO(other);
    Diagnostics diagnostics;
    CHECK(!test::encoded({test::program(one), test::program(std::string("%x = npu.argument ") + other)}, diagnostics));
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].message.find("is not what another program of the kernel declares") != std::string::npos);
  }
}
