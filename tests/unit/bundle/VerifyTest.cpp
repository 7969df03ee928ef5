// What the semantic verifier refuses of a bundle as a whole: one test for each rule, named by its code.
#include "bundle/Rules.h"

using namespace rblnc::test;

TEST_CASE("the bundles that the rules are tried on are accepted", "[verify]") {
  CHECK(codeOf(Base()) == "");
  CHECK(codeOfDma([](DmaT &, Base &) {}) == "");
  CHECK(codeOfMatmul([](MatmulT &) {}) == "");
  CHECK(codeOfStep(Op::addf, DType::f32, 0, 0) == "");
}

TEST_CASE("RBLN-B020: signature and regions", "[verify]") {
  auto with = [](auto change) {
    Base base;
    change(base);
    return codeOf(base);
  };
  CHECK(with([](Base &b) { b.signature[1]->name = "x"; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->region = 0; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->region = 99; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->extent = 65; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->extent = -1; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->extent = INT64_MAX; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->alignment = 48; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->dtype = static_cast<DType>(77); }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->layout = static_cast<rblnc::bundle::ArgumentLayout>(2); }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->kind = rblnc::bundle::ArgumentKind::scalar; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->has_shape = true, b.signature[1]->shape = {63}; }) == "B020");
  CHECK(with([](Base &b) { b.signature[1]->has_shape = true, b.signature[1]->shape = {8, 8}; }) == "");
  CHECK(with([](Base &b) { b.signature.pop_back(); }) == "B020");
  CHECK(with([](Base &b) { b.regions[0]->bytes = -4; }) == "B020");
  CHECK(with([](Base &b) { b.regions[0]->data = {1}; }) == "B020");
  CHECK(with([](Base &b) { b.constant({1, 2}); }) == "");
  CHECK(with([](Base &b) { b.regions[b.constant({1, 2})]->bytes = 3; }) == "B020");
  CHECK(with([](Base &b) { b.regions[b.constant({1, 2})]->kind = static_cast<RegionKind>(9); }) == "B020");
}

TEST_CASE("RBLN-B021: target figures", "[verify]") {
  auto with = [](auto change) {
    Base base;
    change(*base.targets[0]);
    return codeOf(base);
  };
  CHECK(with([](TargetT &t) { t.engines = 0; }) == "B021");
  CHECK(with([](TargetT &t) { t.scratchpad_bytes = -1; }) == "B021");
  CHECK(with([](TargetT &t) { t.shared_bytes = INT64_MAX; }) == "B021");
  CHECK(with([](TargetT &t) { t.dram_bytes_per_second = 0; }) == "B021");
  CHECK(with([](TargetT &t) { t.vector_ops_per_second = std::numeric_limits<double>::quiet_NaN(); }) == "B021");
  CHECK(with([](TargetT &t) { t.matmul_f32_ratio = -1; }) == "B021");
  CHECK(with([](TargetT &t) { t.sync_seconds = std::numeric_limits<double>::infinity(); }) == "B021");
  CHECK(with([](TargetT &t) { t.compute_dtype = "f8"; }) == "B021");
  CHECK(with([](TargetT &t) { t.line_elements = 0; }) == "B021");
  CHECK(with([](TargetT &t) { t.alignment_bytes = 0; }) == "B021");
  CHECK(with([](TargetT &t) { t.dot_chunk_elements = 0; }) == "B021");
  CHECK(with([](TargetT &t) { t.dot_chunk_elements = 65537; }) == "B021");
}

TEST_CASE("RBLN-B022: indices", "[verify]") {
  auto with = [](auto change) {
    Base base;
    change(base);
    return codeOf(base);
  };
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->unit = 3; }) == "B022");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.destination->unit = 8; }) == "B022");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.destination->memory = Memory::shared, d.destination->unit = 1; }) == "B022");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.destination->memory = static_cast<Memory>(5); }) == "B022");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->terms = {Term(1, 4)}; }) == "B022");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.clips = {Clip(1, -1, 0, 0, 8, 0)}; }) == "B022");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.clips = {Clip(0, 1, 0, 0, 8, 0)}; }) == "B022");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.clips = {Clip(0, -2, 0, 0, 8, 0)}; }) == "B022");
  CHECK(with([](Base &b) { b.loadScalar(1, dram(b.n, DType::i32, 0, {})); }) == "B022");
  CHECK(with([](Base &b) { b.skip(1, true, 0); }) == "B022");
  CHECK(with([](Base &b) { b.signal(0, dma), b.program().semaphores = 0; }) == "B022");
  CHECK(with([](Base &b) { b.wait(0, 0, dma), b.program().semaphores = 0; }) == "B022");
  CHECK(with([](Base &b) { b.program().target = 1; }) == "B022");
  CHECK(with([](Base &b) { b.add(b.copy()).line = 2; }) == "B022");
  CHECK(with([](Base &b) { b.add(b.copy(), engine, 8); }) == "B022");
  CHECK(with([](Base &b) { b.addRegister(1, 0); }) == "B022");
}

TEST_CASE("RBLN-B036: more than a bundle may hold", "[verify]") {
  auto with = [](auto change) {
    Base base;
    change(base);
    return codeOf(base);
  };
  auto withVector = [](auto change) {
    Base base;
    TestVector vector = base.rows();
    change(vector);
    base.addVector(base.finished(std::move(vector), 0));
    return codeOf(base);
  };
  CHECK(with([](Base &b) { b.signature[1]->name = std::string(5000, 'y'); }) == "B036");
  CHECK(with([](Base &b) { b.signature[1]->has_shape = true, b.signature[1]->shape.assign(33, 2); }) == "B036");
  CHECK(with([](Base &b) { b.program().semaphores = UINT32_MAX; }) == "B036");
  CHECK(codeOfDma([](DmaT &d, Base &) {
          d.shape.assign(40, 1);
          d.source->strides.assign(40, 0);
          d.destination->strides.assign(40, 0);
        }) == "B036");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.clips.assign(65, Clip(0, -1, 0, 0, 8, 0)); }) == "B036");
  CHECK(codeOfMatmul([](MatmulT &m) { m.batch.assign(30, 1); }) == "B036");
  CHECK(withVector([](TestVector &v) { v.reduce(std::vector<int>(65, 0), {}, std::vector<int>(65, 0)); }) == "B036");
  CHECK(withVector([](TestVector &v) {
          v.reduce({0}, std::vector(1025, instruction(Op::addf, DType::f32, 0, 1)), {2});
        }) == "B036");
}

TEST_CASE("RBLN-B033: work", "[verify]") {
  CHECK(codeOfDma([](DmaT &d, Base &) {
          d.shape = {int64_t{1} << 43};
          d.source->strides = d.destination->strides = {0};
        }) == "B033");
  CHECK(codeOfMatmul([](MatmulT &m) { m.k = int64_t{1} << 40, m.a->strides = {16, 0, 0}, m.b->strides = {0, 4, 0}; }) ==
        "B033");
  Base base;
  base.add(base.copy());
  rblnc::bundle::VerifyLimits limits;
  limits.maxWork = 64;
  CHECK(codeOf(base, limits) == "B033");
  limits.maxWork = 65;
  CHECK(codeOf(base, limits) == "");
}

TEST_CASE("RBLN-B034, RBLN-B036: memory", "[verify]") {
  Base base;
  std::string code = "B034";
  SECTION("workspace") {
    base.workspace(int64_t{1} << 37);
    base.workspace((int64_t{1} << 37) + 1);
  }
  SECTION("the values of a row") {
    TestVector vector;
    vector.inner = {int64_t{1} << 30};
    int in = vector.input(pad(DType::f32, 0, {0}));
    vector.reduce(Op::addf, in);
    base.addVector(std::move(vector));
  }
  SECTION("what has to be decoded") {
    code = "B036";
    for (int i = 0; i < 300; ++i) {
      TestVector vector = base.rows();
      for (int j = 0; j < 8; ++j)
        vector.reduce({0}, std::vector<Instruction>(1000, instruction(Op::addf, DType::f32, 0, 1)), {2});
      base.addVector(std::move(vector));
    }
  }
  CHECK(codeOf(base) == code);
}

TEST_CASE("RBLN-B035: unknown things", "[verify]") {
  CHECK(codeOfStep(static_cast<Op>(999), DType::f32, 0, 0) == "B035");
  CHECK(codeOfStep(Op::negf, static_cast<DType>(8), 0) == "B035");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.source->dtype = static_cast<DType>(8); }) == "B035");
  Base twice;
  twice.add(twice.copy());
  twice.program().queues.push_back(std::make_unique<QueueT>());
  twice.program().queues.back()->unit = engine;
  CHECK(codeOf(twice) == "B035");
  Base many;
  for (uint32_t i = 0; i < 513; ++i)
    many.add(many.copy(), dma, i);
  CHECK(codeOf(many) == "B036");
  Base unknown;
  unknown.add(unknown.copy(), static_cast<Unit>(4));
  CHECK(codeOf(unknown) == "B035");
}

TEST_CASE("an error names the command and the Python line", "[verify]") {
  Base base;
  DmaT body = base.copy();
  body.source->offset = 4;
  base.add(base.copy());
  base.add(std::move(body));
  auto diagnostic = whyNot(base.bytes());
  REQUIRE(diagnostic);
  CHECK(diagnostic->message ==
        "command 1 of neural_engine 0 (dma): the source reaches bytes 4 to 259 of DRAM region 0, which has 256 bytes");
  REQUIRE(diagnostic->frames.size() == 1);
  CHECK(diagnostic->frames[0].str() == "kernel.py:12");
}
