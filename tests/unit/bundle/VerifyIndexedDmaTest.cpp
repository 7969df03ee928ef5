// What the verifier demands of transfers whose rows are chosen by indices.
#include "bundle/Rules.h"

using namespace rblnc::test;
using rblnc::bundle::IndexedDmaT;

namespace {

/// Four of eight rows of eight floats: a gather from `x` into the scratchpad, by an index vector there.
IndexedDmaT gather(const Base &base) {
  IndexedDmaT body;
  body.shape = {4, 8};
  body.rows = 8;
  body.source = dram(base.x, DType::f32, 0, {32, 4});
  body.destination = pad(DType::f32, 256, {32, 4});
  body.indices = pad(DType::i32, 0, {4, 0});
  return body;
}

/// The same the other way around: to `y`.
IndexedDmaT scatter(const Base &base) {
  IndexedDmaT body = gather(base);
  body.scatters = true;
  body.source = std::move(body.destination);
  body.destination = dram(base.y, DType::f32, 0, {32, 4});
  return body;
}

template <typename Change> std::string codeOfGather(Change change) {
  Base base;
  IndexedDmaT body = gather(base);
  change(body, base);
  base.add(std::move(body), dma);
  return codeOf(base);
}
template <typename Change> std::string codeOfScatter(Change change) {
  Base base;
  IndexedDmaT body = scatter(base);
  change(body, base);
  base.add(std::move(body), dma);
  return codeOf(base);
}

} // namespace

TEST_CASE("rows are gathered and scattered by indices in SRAM or in the workspace", "[verify]") {
  CHECK(codeOfGather([](IndexedDmaT &, Base &) {}).empty());
  CHECK(codeOfScatter([](IndexedDmaT &, Base &) {}).empty());
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.indices = pad(DType::i64, 0, {8, 0}); }).empty());
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) {
          body.indices = access(Memory::shared, 0, DType::i32, 0, {4, 0});
        }).empty());
  CHECK(codeOfGather([](IndexedDmaT &body, Base &base) {
          body.indices = dram(base.workspace(16), DType::i32, 0, {4, 0});
        }).empty());
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) {
          body.mask = pad(DType::i1, 64, {1, 0});
          body.has_fill = true;
          body.clips = {Clip(1, -1, 0, 0, 5, 0)};
        }).empty());
  // No rows to choose from, and nothing to choose.
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.rows = 0; }).empty());
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.shape = {0, 8}; }).empty());
  // Indices along two dimensions, which choose rows along the second.
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) {
          body.shape = {2, 2, 8};
          body.axis = 1;
          body.source->strides = {0, 32, 4};
          body.destination->strides = {64, 32, 4};
          body.indices->strides = {8, 4, 0};
        }).empty());
}

TEST_CASE("RBLN-B024: every row that could be chosen lies inside of the memory", "[verify]") {
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.rows = 9; }) == "B024");
  CHECK(codeOfScatter([](IndexedDmaT &body, Base &) { body.rows = 9; }) == "B024");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.source->offset = 4; }) == "B024");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.source->strides[0] = -32; }) == "B024");
  // Rows of seven end one earlier.
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) {
          body.source->offset = 4;
          body.clips = {Clip(1, -1, 0, 0, 7, 0)};
        }).empty());
  CHECK(codeOfGather([](IndexedDmaT &body, Base &base) { body.source->terms = {Term(base.reg, 4)}; }) == "B024");
  for (int64_t offset : {int64_t{-4}, int64_t{1} << 40}) {
    CHECK(codeOfGather([&](IndexedDmaT &body, Base &) { body.indices->offset = offset; }) == "B024");
    CHECK(codeOfGather([&](IndexedDmaT &body, Base &) { body.mask = pad(DType::i1, offset, {1, 0}); }) == "B024");
    CHECK(codeOfGather([&](IndexedDmaT &body, Base &) { body.destination->offset = offset; }) == "B024");
  }
}

TEST_CASE("RBLN-B022, B023: axis, rows and strides are of the index space", "[verify]") {
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.axis = 2; }) == "B022");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.axis = UINT32_MAX; }) == "B022");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.shape = {}; }) == "B022");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.rows = -1; }) == "B023");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.rows = INT64_MAX; }) == "B023");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.indices->strides = {4}; }) == "B023");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.mask = pad(DType::i1, 64, {1}); }) == "B023");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.clips = {Clip(2, -1, 0, 0, 5, 0)}; }) == "B022");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.clips = {Clip(1, 7, 0, 0, 5, 0)}; }) == "B022");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.indices->unit = 99; }) == "B022");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.indices = dram(99, DType::i32, 0, {4, 0}); }) == "B022");
}

TEST_CASE("RBLN-B025: rows are not scattered to an input", "[verify]") {
  CHECK(codeOfScatter([](IndexedDmaT &body, Base &base) { body.destination->unit = base.x; }) == "B025");
}

TEST_CASE("RBLN-B029: operands of an indexed transfer are of the kinds that it takes", "[verify]") {
  for (DType dtype : {DType::i1, DType::i8, DType::i16, DType::f16, DType::f32})
    CHECK(codeOfGather([&](IndexedDmaT &body, Base &) { body.indices->dtype = dtype; }) == "B029");
  for (DType dtype : {DType::i8, DType::i32, DType::f32})
    CHECK(codeOfGather([&](IndexedDmaT &body, Base &) { body.mask = pad(dtype, 64, {4, 0}); }) == "B029");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.destination->dtype = DType::i32; }) == "B029");
  CHECK(codeOfScatter([](IndexedDmaT &body, Base &) { body.has_fill = true; }) == "B029");
  // Indices and masks of an argument, or of a constant, are loaded first.
  CHECK(codeOfGather([](IndexedDmaT &body, Base &base) { body.indices = dram(base.n, DType::i32, 0, {4, 0}); }) ==
        "B029");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &base) {
          body.indices = dram(base.constant(std::vector<uint8_t>(16)), DType::i32, 0, {4, 0});
        }) == "B029");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &base) { body.mask = dram(base.n, DType::i1, 0, {1, 0}); }) == "B029");
  // A mask that moves within a row; clips where the indices move.
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.mask = pad(DType::i1, 64, {8, 1}); }) == "B029");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.clips = {Clip(0, -1, 0, 0, 3, 0)}; }) == "B029");
  // With an index for each element, a mask may do so.
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) {
          body.indices = pad(DType::i32, 0, {32, 4});
          body.mask = pad(DType::i1, 128, {8, 1});
        }).empty());
}

TEST_CASE("RBLN-B032: what rows are moved to overlaps nothing that is read", "[verify]") {
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.destination->offset = 12; }) == "B032");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.mask = pad(DType::i1, 260, {1, 0}); }) == "B032");
  CHECK(codeOfGather([](IndexedDmaT &body, Base &) { body.source = pad(DType::f32, 32, {32, 4}); }) == "B032");
  // Any of the rows may be the one: the third of eight is the destination.
  CHECK(codeOfScatter([](IndexedDmaT &body, Base &) { body.destination = pad(DType::f32, 192, {32, 4}); }) == "B032");
}

TEST_CASE("RBLN-B010: an indexed transfer is not written without its accesses", "[bundle]") {
  for (int lacking : {0, 1, 2}) {
    Base base;
    IndexedDmaT body = gather(base);
    (lacking == 0 ? body.source : lacking == 1 ? body.destination : body.indices).reset();
    base.add(std::move(body), dma);
    auto bytes = writeBundle(base);
    REQUIRE(!bytes);
    CHECK(rblnc::toDiagnostic(bytes.takeError()).code == rblnc::Code::B010);
  }
}
