// The last byte of every memory, the first two accesses that meet in one byte, and every figure of a chip.
#include "bundle/Build.h"

#include "rblnc/bundle/Prove.h"

#include <map>
#include <random>
#include <set>

using namespace rblnc::test;
using rblnc::Code;

namespace {

constexpr DType dtypes[] = {DType::i1,  DType::i8,  DType::i16,  DType::i32,
                            DType::i64, DType::f16, DType::bf16, DType::f32};
constexpr int64_t sizes[] = {1, 1, 2, 4, 8, 2, 2, 4};

bool opens(const TestBundle &bundle) { return codeOf(bundle).empty(); }

} // namespace

TEST_CASE("an access ends at the last byte of its memory, and starts at the first", "[verify]") {
  auto target = freeze(*llvm::cantFail(rblnc::findTarget("rbln-ca22")));
  for (size_t d = 0; d < std::size(dtypes); ++d)
    for (Memory memory : {Memory::scratchpad, Memory::shared, Memory::dram})
      for (bool isWorkspace : {false, true}) {
        if (isWorkspace && memory != Memory::dram)
          continue;
        int64_t size = sizes[d], bytes = 40 * size;
        auto with = [&](int64_t offset, int64_t stride, int64_t count) {
          TestBundle bundle;
          uint32_t x = bundle.argument("x", dtypes[d], 40, Direction::inout), w = bundle.workspace(bytes);
          int64_t end = memory == Memory::dram     ? bytes
                        : memory == Memory::shared ? target.shared_bytes
                                                   : target.scratchpad_bytes;
          bundle.addDma({count},
                        access(memory, memory == Memory::dram ? (isWorkspace ? w : x) : 0, dtypes[d],
                               offset < 0 ? offset : end - offset, {stride}),
                        pad(dtypes[d], 0, {size}));
          return opens(bundle);
        };
        INFO("dtype " << d << ", memory " << static_cast<int>(memory));
        CHECK(with(4 * size, size, 4)); // up to the end
        CHECK_FALSE(with(4 * size - 1, size, 4));
        CHECK_FALSE(with(3 * size, size, 4));
        CHECK(with(size, -size, 4)); // backwards from the last element
        CHECK_FALSE(with(size - 1, -size, 4));
        CHECK_FALSE(with(-1, size, 4));
      }
}

TEST_CASE("the bounds of a register count at both of their ends, with either sign", "[verify]") {
  for (auto [least, most] : {std::pair<int64_t, int64_t>{0, 5}, {-3, 5}, {2, 2}})
    for (int64_t scale : {4, -4, 12}) {
      int64_t low = std::min(least * scale, most * scale), high = std::max(least * scale, most * scale);
      auto with = [&, least = least, most = most](int64_t offset) {
        TestBundle bundle;
        uint32_t x = bundle.argument("x", DType::f32, 64, Direction::inout);
        uint32_t reg = bundle.addRegister(least, most);
        bundle.loadScalar(reg, dram(x, DType::i32, 0, {}));
        bundle.addDma({4}, dram(x, DType::f32, offset, {4}, {Term(reg, scale)}), pad(DType::f32, 0, {4}));
        return opens(bundle);
      };
      INFO(least << " to " << most << " times " << scale);
      CHECK(with(-low));
      CHECK_FALSE(with(-low - 4));
      CHECK(with(256 - 16 - high));
      CHECK_FALSE(with(256 - 16 - high + 4));
    }
}

TEST_CASE("a command's result may not meet its other accesses in one byte", "[verify]") {
  // 16 f16 of a vector program at byte 64; a second output, or another operand of a product, from there on.
  for (int64_t place : {0, 32, 33, 34, 62, 64, 94, 95, 96}) {
    INFO(place);
    bool isApart = place + 32 <= 64 || place >= 96;
    TestBundle two;
    TestVector vector;
    vector.inner = {16};
    int one = vector.step(Op::constant, DType::f16, -1, -1, -1, 0x3c00);
    vector.output(one, pad(DType::f16, 64, {2}));
    vector.output(one, pad(DType::f16, place, {2}));
    two.addVector(std::move(vector));
    CHECK(opens(two) == isApart);
    for (bool isFirst : {true, false}) {
      TestBundle product;
      uint32_t zero = product.constant(std::vector<uint8_t>(4096));
      product.addDma({4096}, dram(zero, DType::i8, 0, {1}), pad(DType::i8, 0, {1}));
      MatmulT matmul;
      matmul.m = matmul.n = matmul.k = 4;
      auto operand = [&](int64_t at) { return pad(DType::f16, at, isFirst ? Strides{8, 0, 2} : Strides{0, 2, 8}); };
      matmul.a = pad(DType::f16, 2048, {8, 0, 2});
      matmul.b = pad(DType::f16, 2048, {0, 2, 8});
      (isFirst ? matmul.a : matmul.b) = operand(place);
      matmul.d = pad(DType::f16, 64, {8, 2, 0});
      product.add(std::move(matmul));
      CHECK(opens(product) == isApart);
    }
  }
}

TEST_CASE("two queues are proven apart when no byte is both's, and never when one is", "[prove]") {
  std::mt19937 random(11);
  auto draw = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  int apart = 0, meeting = 0, inOneByte = 0, wronglyRefused = 0;
  for (int i = 0; i < 1500; ++i) {
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::i64, 512, Direction::in),
             y = bundle.argument("y", DType::i64, 512, Direction::inout);
    std::map<int64_t, int> touched;
    bool isShared = draw(0, 1);
    for (int side : {0, 1}) {
      size_t dtype = static_cast<size_t>(draw(1, 4));
      std::vector<int64_t> shape;
      Strides strides;
      int64_t first = draw(100, 140);
      for (int64_t d = draw(0, 2); d > 0; --d) {
        shape.push_back(draw(1, 4));
        strides.push_back(draw(-20, 20));
      }
      std::set<int64_t> own{first};
      for (size_t d = 0; d < shape.size(); ++d) {
        std::set<int64_t> more;
        for (int64_t at : own)
          for (int64_t n = 0; n < shape[d]; ++n)
            more.insert(at + n * strides[d]);
        own = std::move(more);
      }
      std::set<int64_t> bytes;
      for (int64_t at : own)
        for (int64_t n = 0; n < sizes[dtype]; ++n)
          bytes.insert(at + n);
      for (int64_t at : bytes)
        ++touched[at];
      auto place =
          isShared ? access(Memory::shared, 0, dtypes[dtype], first, strides) : dram(y, dtypes[dtype], first, strides);
      Strides none(shape.size(), 0);
      bundle.addDma(shape, dram(x, dtypes[dtype], 0, none), std::move(place),
                    side ? Unit::neural_engine : Unit::neural_dma);
    }
    auto opened = openBytes(bundle.bytes());
    if (!opened) { // what writes an element twice is no transfer
      llvm::consumeError(opened.takeError());
      continue;
    }
    int64_t both = 0;
    for (auto [at, count] : touched)
      both += count == 2;
    bool isProven = findUnordered(**opened, Code::X002).empty();
    meeting += both > 0;
    inOneByte += both == 1;
    apart += both == 0;
    if (both > 0)
      REQUIRE_FALSE(isProven);
    wronglyRefused += both == 0 && !isProven;
  }
  CHECK(meeting > 200);
  CHECK(inOneByte > 20);
  CHECK(apart > 200);
  CHECK(wronglyRefused == 0);
}

TEST_CASE("every figure of a chip is frozen as itself", "[bundle]") {
  rblnc::Target target;
  target.name = "made-up";
  target.engines = 3;
  target.scratchpadBytes = 5;
  target.sharedBytes = 7;
  target.dramBytes = 11;
  target.lineElements = 13;
  target.alignmentBytes = 17;
  target.dramBytesPerSecond = 19;
  target.sharedBytesPerSecond = 23;
  target.dmaSetupSeconds = 29;
  target.matmulFlopsPerSecond = 31;
  target.matmulF32Ratio = 37;
  target.matmulI8Ratio = 41;
  target.matmulSetupSeconds = 43;
  target.vectorOpsPerSecond = 47;
  target.vectorSetupSeconds = 53;
  target.syncSeconds = 59;
  target.computeDType = rblnc::ComputeDType::bf16;
  target.dotChunkElements = 61;
  TargetT frozen = freeze(target);
  CHECK(frozen.name == "made-up");
  CHECK(frozen.engines == 3);
  CHECK(frozen.scratchpad_bytes == 5);
  CHECK(frozen.shared_bytes == 7);
  CHECK(frozen.dram_bytes == 11);
  CHECK(frozen.line_elements == 13);
  CHECK(frozen.alignment_bytes == 17);
  CHECK(frozen.dram_bytes_per_second == 19);
  CHECK(frozen.shared_bytes_per_second == 23);
  CHECK(frozen.dma_setup_seconds == 29);
  CHECK(frozen.matmul_flops_per_second == 31);
  CHECK(frozen.matmul_f32_ratio == 37);
  CHECK(frozen.matmul_i8_ratio == 41);
  CHECK(frozen.matmul_setup_seconds == 43);
  CHECK(frozen.vector_ops_per_second == 47);
  CHECK(frozen.vector_setup_seconds == 53);
  CHECK(frozen.sync_seconds == 59);
  CHECK(frozen.compute_dtype == "bf16");
  CHECK(frozen.dot_chunk_elements == 61);
  // What is thawed and frozen again is the same.
  auto packed = [](const TargetT &figures) {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(rblnc::bundle::Target::Pack(builder, &figures));
    return std::string(reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize());
  };
  std::string bytes = packed(frozen);
  CHECK(packed(freeze(thaw(*flatbuffers::GetRoot<rblnc::bundle::Target>(bytes.data())))) == bytes);
}
