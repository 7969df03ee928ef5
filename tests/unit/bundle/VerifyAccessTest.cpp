// What the semantic verifier refuses of accesses: one test for each rule, named by its code.
#include "bundle/Rules.h"

using namespace rblnc::test;

TEST_CASE("RBLN-B023: shapes", "[verify]") {
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {-1}; }) == "B023");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {64, 1}; }) == "B023");
  CHECK(codeOfDma([](DmaT &d, Base &) {
          d.shape = {INT64_MAX, INT64_MAX};
          d.source->strides = d.destination->strides = {0, 0};
        }) == "B023");
  CHECK(codeOfMatmul([](MatmulT &m) { m.k = -4; }) == "B023");
  CHECK(codeOfMatmul([](MatmulT &m) { m.batch = {1}; }) == "B023");
  CHECK(codeOfMatmul([](MatmulT &m) { m.m = m.n = m.k = int64_t{1} << 30; }) == "B023");
}

TEST_CASE("RBLN-B024: addresses", "[verify]") {
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->offset = 1; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->offset = -1; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->strides = {-4}; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->strides = {-4}, d.source->offset = 252; }) == "");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->strides = {INT64_MIN}; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->strides = {INT64_MAX}, d.source->offset = INT64_MAX; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.destination->offset = (4 << 20) - 255; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.destination->offset = (4 << 20) - 256; }) == "");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->offset = -4; }) == "B024");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->offset = 4 << 20; }) == "B024");
}

TEST_CASE("RBLN-B024: addresses that move with a register", "[verify]") {
  // The register is in [0, 7]: 57 elements from it on are inside, 58 are not.
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {57}, d.source->terms = {Term(0, 4)}; }) == "");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {58}, d.source->terms = {Term(0, 4)}; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {8}, d.source->terms = {Term(0, -4)}; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {8}, d.source->terms = {Term(0, -4)}, d.source->offset = 28; }) ==
        "");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {1}, d.source->terms = {Term(0, INT64_MAX), Term(0, INT64_MAX)}; }) ==
        "B024");
  // Two terms of one register add up.
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(0, 4), Term(0, -4)}; }) == "");
}

TEST_CASE("RBLN-B024: a clip that moves with the address keeps it inside", "[verify]") {
  // Elements [R, R + 64) of 64, clipped to those below 64 - R.
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(0, 4)}, d.clips = {Clip(0, 0, 0, 0, 64, -1)}; }) == "");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(0, 4)}, d.clips = {Clip(0, 0, 0, 0, 65, -1)}; }) ==
        "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(0, 8)}, d.clips = {Clip(0, 0, 0, 0, 64, -1)}; }) ==
        "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(0, 8)}, d.clips = {Clip(0, 0, 0, 0, 64, -2)}; }) == "");
  // Elements that begin before the array: those below R are clipped.
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(0, -4)}, d.clips = {Clip(0, 0, 0, 1, 64, 0)}; }) == "");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(0, -4)}, d.clips = {Clip(0, 0, -1, 1, 64, 0)}; }) ==
        "B024");
  // A constant clip narrows, too; with a fill the destination is written as a whole.
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {100}, d.clips = {Clip(0, -1, 0, 0, 64, 0)}; }) == "");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.shape = {100}, d.clips = {Clip(0, -1, 0, 0, 65, 0)}; }) == "B024");
  CHECK(codeOfDma([](DmaT &d, Base &) {
          d.destination->offset = (4 << 20) - 128, d.clips = {Clip(0, -1, 0, 0, 32, 0)};
        }) == "");
  CHECK(codeOfDma([](DmaT &d, Base &) {
          d.destination->offset = (4 << 20) - 128, d.clips = {Clip(0, -1, 0, 0, 32, 0)}, d.has_fill = true;
        }) == "B024");
}

TEST_CASE("RBLN-B025: constants and inputs are not written", "[verify]") {
  CHECK(codeOfDma([](DmaT &d, Base &b) { d.destination = dram(b.x, DType::f32, 0, {4}); }) == "B025");
  CHECK(codeOfDma([](DmaT &d, Base &b) {
          d.destination = dram(b.constant(std::vector<uint8_t>(256)), DType::f32, 0, {4});
        }) == "B025");
  CHECK(codeOfDma([](DmaT &d, Base &b) { d.destination = dram(b.workspace(256), DType::f32, 0, {4}); }) == "");
}

TEST_CASE("RBLN-B029: transfers", "[verify]") {
  CHECK(codeOfDma([](DmaT &d, Base &) { d.destination->dtype = DType::i32; }) == "B029");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.clips.assign(64, Clip(0, -1, 0, 0, 8, 0)); }) == "");
}

TEST_CASE("RBLN-B032: overlaps", "[verify]") {
  auto inPlace = [](Strides input, int64_t at, Strides output, int64_t offset) {
    Base base;
    TestVector vector;
    vector.outer = {8};
    vector.inner = {8};
    int in = vector.input(pad(DType::f32, at, std::move(input)));
    vector.output(vector.step(Op::negf, DType::f32, in), pad(DType::f32, offset, std::move(output)));
    base.addVector(std::move(vector));
    return codeOf(base);
  };
  CHECK(inPlace({32, 4}, 0, {32, 4}, 0) == "");
  CHECK(inPlace({32, 4}, 0, {32, 4}, 256) == "");
  CHECK(inPlace({32, 4}, 0, {32, 4}, 252) == "B032");
  CHECK(inPlace({32, 4}, 0, {4, 32}, 0) == "B032");
  // Halves of rows that lie side by side, and elements that interleave, do not overlap.
  CHECK(inPlace({64, 4}, 0, {64, 4}, 32) == "");
  CHECK(inPlace({64, 4}, 0, {64, 4}, 28) == "B032");
  CHECK(inPlace({64, 8}, 0, {64, 8}, 4) == "");
  CHECK(inPlace({64, 8}, 0, {64, 8}, 6) == "B032");
  // Rows that share elements cannot be replaced in place.
  CHECK(inPlace({16, 4}, 0, {16, 4}, 0) == "B032");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->offset = 60; }) == "B032");
  CHECK(codeOfMatmul([](MatmulT &m) { m.c = pad(DType::f32, 132, {16, 4, 0}); }) == "B032");
  CHECK(codeOfMatmul([](MatmulT &m) { m.c = pad(DType::f32, 128, {16, 4, 0}); }) == "");
  Base base;
  TestVector vector = base.rows();
  vector.output(0, dram(base.y, DType::f32, 0, {32, 4}));
  vector.output(0, dram(base.y, DType::f32, 0, {32, 4}));
  base.addVector(std::move(vector));
  CHECK(codeOf(base) == "B032");
}
