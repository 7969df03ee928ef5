// Transfers whose rows are chosen by indices: what is moved, what is looked at, found, counted and timed.
#include "emulator/Findings.h"

#include "rblnc/target/CostModel.h"

#include <random>

using namespace rblnc::test;
using rblnc::bundle::IndexedDmaT;

namespace {

constexpr Unit dma = Unit::neural_dma;

/// A table of eight rows of four, an index vector of four and an output of four rows, and room for them in a
/// scratchpad.
struct Table : TestBundle {
  uint32_t x = argument("x", DType::f32, 32, Direction::in), y = argument("y", DType::f32, 32, Direction::inout);
  uint32_t n = argument("n", DType::i32, 4, Direction::in);
  std::vector<float> in = std::vector<float>(32), out = std::vector<float>(32, -1.0f);
  std::vector<int32_t> index{5, 0, 5, 7};
  static constexpr int64_t indices = 0, rows = 64;

  Table() {
    for (size_t i = 0; i < in.size(); ++i)
      in[i] = static_cast<float>(i);
  }
  void loadIndices() { addDma({4}, dram(n, DType::i32, 0, {4}), pad(DType::i32, indices, {4}), dma); }
  IndexedDmaT gather() const {
    IndexedDmaT body;
    body.shape = {4, 4};
    body.rows = 8;
    body.source = dram(x, DType::f32, 0, {16, 4});
    body.destination = pad(DType::f32, rows, {16, 4});
    body.indices = pad(DType::i32, indices, {4, 0});
    return body;
  }
  /// Of the first rows of `x`, to chosen ones of `y`.
  IndexedDmaT scatter() const {
    IndexedDmaT body = gather();
    body.scatters = true;
    body.source = dram(x, DType::f32, 0, {16, 4});
    body.destination = dram(y, DType::f32, 0, {16, 4});
    return body;
  }
  void store() { addDma({4, 4}, pad(DType::f32, rows, {16, 4}), dram(y, DType::f32, 0, {16, 4}), dma); }
  Arrays arrays() { return Arrays().bind("x", in).bind("y", out).bind("n", index); }
};

std::unique_ptr<rblnc::bundle::AccessT> copyOf(const rblnc::bundle::AccessT &access) {
  return std::make_unique<rblnc::bundle::AccessT>(access);
}

} // namespace

TEST_CASE("a gather takes the rows that indices name, and a scatter puts them there", "[dma]") {
  Table gathered;
  gathered.loadIndices();
  gathered.add(gathered.gather(), dma);
  gathered.store();
  RunResult result = run(gathered, gathered.arrays());
  CHECK(result.findings.empty());
  for (size_t i = 0; i < 4; ++i)
    for (size_t j = 0; j < 4; ++j)
      CHECK(gathered.out[4 * i + j] == gathered.in[static_cast<size_t>(gathered.index[i]) * 4 + j]);

  Table scattered;
  scattered.loadIndices();
  scattered.add(scattered.scatter(), dma);
  run(scattered, scattered.arrays());
  // Rows 0 and 2 go to row 5, and the later one stays.
  CHECK(scattered.out[5 * 4] == scattered.in[2 * 4]);
  CHECK(scattered.out[0] == scattered.in[1 * 4]);
  CHECK(scattered.out[7 * 4 + 3] == scattered.in[3 * 4 + 3]);
  CHECK(scattered.out[1 * 4] == -1.0f);
}

TEST_CASE("RBLN-R038: an index that names no row stops the run before anything is moved", "[dma]") {
  for (int32_t wrong : {8, -1, INT32_MIN, INT32_MAX}) {
    Table table;
    table.index[2] = wrong;
    table.loadIndices();
    table.add(table.scatter(), dma, 0, table.addLine("kernel.py", 34));
    rblnc::Diagnostic fault = runError(table, table.arrays());
    CHECK(fault.code == rblnc::Code::R038);
    CHECK(fault.message == "command 1 of neural_dma 0 (indexed_dma): the index at [2] is " + std::to_string(wrong) +
                               ", and there are 8 rows to choose from");
    CHECK(fault.fix == "mask the indices that name no row, or bring them into 0 to 7 first");
    REQUIRE(fault.frames.size() == 1);
    CHECK(fault.frames[0].line == 34);
    CHECK(table.out == std::vector<float>(32, -1.0f));
  }
  // Of an index of eight bytes, the upper half counts.
  Table wide;
  wide.index = {1, 0, 2, 1};
  wide.loadIndices();
  IndexedDmaT body = wide.scatter();
  body.shape = {2, 4};
  body.indices = pad(DType::i64, Table::indices, {8, 0});
  wide.add(std::move(body), dma);
  CHECK(runError(wide, wide.arrays()).message ==
        "command 1 of neural_dma 0 (indexed_dma): the index at [1] is 4294967298, and there are 8 rows to choose from");
}

TEST_CASE("where a mask is 0, or a clip leaves nothing, an index is not looked at", "[dma]") {
  Table masked;
  masked.index = {5, 99, -7, 0};
  uint32_t m = masked.argument("m", DType::i1, 4, Direction::in);
  std::vector<uint8_t> mask{1, 0, 0, 2};
  masked.loadIndices();
  masked.addDma({4}, dram(m, DType::i1, 0, {1}), pad(DType::i1, 32, {1}), dma);
  IndexedDmaT body = masked.gather();
  body.mask = pad(DType::i1, 32, {1, 0});
  body.has_fill = true;
  body.fill = 0x40000000; // 2.0
  masked.add(std::move(body), dma);
  masked.store();
  RunResult result = run(masked, masked.arrays().bind("m", mask));
  CHECK(result.findings.empty());
  CHECK(masked.out[0] == masked.in[20]);
  CHECK(masked.out[4] == 2.0f);
  CHECK(masked.out[11] == 2.0f);
  CHECK(masked.out[12] == masked.in[0]);

  for (int64_t columns : {0, 3}) {
    Table clipped;
    clipped.index[1] = columns == 0 ? 1000 : 1;
    clipped.loadIndices();
    IndexedDmaT body = clipped.gather();
    body.clips = {Clip(1, -1, 0, 0, columns, 0)};
    body.has_fill = true;
    clipped.add(std::move(body), dma);
    clipped.store();
    run(clipped, clipped.arrays());
    for (size_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 4; ++j)
        CHECK(clipped.out[4 * i + static_cast<size_t>(j)] ==
              (j < columns ? clipped.in[static_cast<size_t>(4 * clipped.index[i] + j)] : 0.0f));
  }
}

TEST_CASE("without a fill, what is not gathered stays as it was", "[dma]") {
  Table table;
  uint32_t m = table.argument("m", DType::i1, 4, Direction::in);
  std::vector<uint8_t> mask{0, 1, 0, 1};
  table.loadIndices();
  table.addDma({4}, dram(m, DType::i1, 0, {1}), pad(DType::i1, 32, {1}), dma);
  IndexedDmaT body = table.gather();
  body.mask = pad(DType::i1, 32, {1, 0});
  body.destination = dram(table.y, DType::f32, 0, {16, 4});
  table.add(std::move(body), dma);
  run(table, table.arrays().bind("m", mask));
  CHECK(table.out[0] == -1.0f);
  CHECK(table.out[4] == table.in[0]);
  CHECK(table.out[8] == -1.0f);
  CHECK(table.out[12] == table.in[28]);
}

TEST_CASE("RBLN-R040: just the rows that are chosen must have been written", "[checks]") {
  // The table in SRAM has rows 4 to 7 alone.
  for (int32_t first : {4, 3}) {
    Table table;
    table.index[0] = first;
    table.index[1] = 6;
    table.loadIndices();
    table.addDma({4, 4}, dram(table.x, DType::f32, 64, {16, 4}), pad(DType::f32, 1024 + 64, {16, 4}), dma);
    IndexedDmaT body = table.gather();
    body.source = pad(DType::f32, 1024, {16, 4});
    table.add(std::move(body), dma);
    table.store();
    CHECK(codes(run(table, table.arrays())) == (first == 4 ? Codes{} : Codes{"R040"}));
  }
  // Indices must have been loaded, and what a gather leaves out is not there.
  Table unloaded;
  unloaded.add(unloaded.gather(), dma);
  CHECK(codes(run(unloaded, unloaded.arrays())) == Codes{"R040"});
  Table partial;
  uint32_t m = partial.argument("m", DType::i1, 4, Direction::in);
  std::vector<uint8_t> mask{1, 1, 0, 1};
  partial.loadIndices();
  partial.addDma({4}, dram(m, DType::i1, 0, {1}), pad(DType::i1, 32, {1}), dma);
  IndexedDmaT body = partial.gather();
  body.mask = pad(DType::i1, 32, {1, 0});
  partial.add(std::move(body), dma);
  partial.store();
  CHECK(codes(run(partial, partial.arrays().bind("m", mask))) == Codes{"R040"});
}

TEST_CASE("RBLN-R041: rows that two queues scatter to race where they are the same", "[checks]") {
  for (int64_t offset : {0, 2}) {
    Table table;
    table.index = {1, 3, 1, 3};
    table.loadIndices();
    table.add(SignalT(), dma);
    table.program().semaphores = 1;
    IndexedDmaT first = table.scatter();
    IndexedDmaT second = table.scatter();
    // Half of each row, one queue the left one, the other the right or the same one.
    for (IndexedDmaT *body : {&first, &second})
      body->shape = {2, 2};
    second.destination->offset = 4 * offset;
    table.add(std::move(first), dma);
    WaitT wait;
    wait.value = 1;
    table.add(std::move(wait), Unit::task_dma);
    table.add(std::move(second), Unit::task_dma);
    CHECK(codes(run(table, table.arrays())) == (offset == 2 ? Codes{} : Codes{"R041"}));
  }
}

TEST_CASE("rows that are moved count, each as often as it is chosen, and each is set up", "[timing]") {
  for (bool isMasked : {false, true}) {
    Table table;
    uint32_t m = table.argument("m", DType::i1, 4, Direction::in);
    std::vector<uint8_t> mask(4, isMasked ? 0 : 1);
    table.loadIndices();
    table.addDma({4}, dram(m, DType::i1, 0, {1}), pad(DType::i1, 32, {1}), dma);
    IndexedDmaT body = table.gather();
    body.mask = pad(DType::i1, 32, {1, 0});
    body.has_fill = true;
    table.add(std::move(body), dma);
    rblnc::emulator::RunStats stats = run(table, table.arrays().bind("m", mask)).stats;
    CHECK(stats.dmaCommands == 3);
    CHECK(stats.dramBytes == 16 + 4 + (isMasked ? 0 : 64));
    CHECK(stats.dmaBytes == 16 + 4 + 64);
  }
  rblnc::CostModel model(*llvm::cantFail(rblnc::findTarget("rbln-ca22")));
  CHECK(model.indexedTransfer(0, 0, 0).setupSeconds == model.transferSetupSeconds);
  CHECK(model.indexedTransfer(8, 0, 0).setupSeconds == model.transferSetupSeconds);
  CHECK(model.indexedTransfer(64, 0, 0).setupSeconds == 8 * model.transferSetupSeconds);
  CHECK(model.indexedTransfer(64, 100, 10).dramBytes == 100);
  CHECK(model.indexedTransfer(64, 100, 10).sharedBytes == 10);
}

TEST_CASE("rows of f32 are rounded to what the device computes with", "[numerics]") {
  Table table;
  table.in[20] = 1.0f + 0x1p-20f;
  table.loadIndices();
  IndexedDmaT body = table.gather();
  body.destination = copyOf(*table.scatter().destination);
  table.add(std::move(body), dma);
  RunOptions options;
  options.numerics = rblnc::emulator::Numerics::device;
  run(table, table.arrays(), options);
  CHECK(table.out[0] == 1.0f);
}

TEST_CASE("whatever the verifier accepts of an indexed transfer runs, or tells which index is wrong", "[dma]") {
  std::mt19937_64 random(4);
  auto below = [&](int64_t n) { return static_cast<int64_t>(random() % static_cast<uint64_t>(n)); };
  auto some = [&](std::initializer_list<int64_t> values) {
    return values.begin()[below(static_cast<int64_t>(values.size()))];
  };
  int runs = 0, faults = 0;
  for (int i = 0; i < 3000; ++i) {
    Table table;
    for (int32_t &index : table.index)
      index = static_cast<int32_t>(below(9)) - 1;
    uint32_t reg = table.addRegister(-1, 7);
    table.loadIndices();
    table.loadScalar(reg, dram(table.n, DType::i32, 0, {}), dma);
    bool scatters = below(2);
    IndexedDmaT body = scatters ? table.scatter() : table.gather();
    for (int64_t &extent : body.shape)
      extent = some({0, 1, 2, 3, 4, 5});
    body.rows = some({0, 1, 2, 7, 8, 9, -1, INT64_MAX});
    body.axis = static_cast<uint32_t>(some({0, 0, 0, 1, 2}));
    for (auto *access : {&body.source, &body.destination, &body.indices}) {
      if (below(3) == 0)
        (*access)->strides[static_cast<size_t>(below(2))] = some({0, 1, 4, 16, -16, -4, INT64_MIN, INT64_MAX});
      if (below(3) == 0)
        (*access)->offset += some({-4, 4, 12, 16, 112, 1 << 20});
      if (below(6) == 0)
        (*access)->terms.push_back(Term(reg, some({-16, 4, 16, INT64_MAX})));
    }
    if (below(3) == 0) {
      body.mask = pad(DType::i1, some({0, 4, 13}), {1, 0});
      body.mask->strides[static_cast<size_t>(below(2))] = some({0, 1, 2, -1});
    }
    if (below(3) == 0)
      body.clips = {Clip(static_cast<uint32_t>(some({0, 1, 2})), static_cast<int32_t>(some({-1, 0})), some({-1, 0, 1}),
                         some({0, 1}), some({0, 2, 4, INT64_MAX}), some({-1, 0, 1}))};
    body.has_fill = !scatters && below(2);
    table.add(std::move(body), dma);
    auto bundle = openBytes(table.bytes());
    if (!bundle) {
      CHECK(rblnc::toDiagnostic(bundle.takeError()).code != rblnc::Code::B035);
      continue;
    }
    auto machine = llvm::cantFail(rblnc::emulator::Machine::create(*bundle));
    auto result = machine.run(table.arrays().arguments);
    if (result) {
      ++runs;
      continue;
    }
    CHECK(rblnc::toDiagnostic(result.takeError()).code == rblnc::Code::R038);
    ++faults;
  }
  CHECK(runs > 100);
  CHECK(faults > 100);
}
