// What the semantic verifier refuses: one test for each rule, named by its code.
#include "bundle/Build.h"

using namespace rblnc::test;

namespace {

constexpr Unit engine = Unit::neural_engine, dma = Unit::neural_dma;

/// A bundle with an input and an output of 64 floats and a register in [0, 7].
struct Base : TestBundle {
  uint32_t x = argument("x", DType::f32, 64, Direction::in), y = argument("y", DType::f32, 64, Direction::out);
  uint32_t n = argument("n", DType::i32, 4, Direction::in);
  uint32_t reg = addRegister(0, 7);

  DmaT copy() const {
    DmaT body;
    body.shape = {64};
    body.source = dram(x, DType::f32, 0, {4});
    body.destination = pad(DType::f32, 0, {4});
    return body;
  }
  MatmulT product() const {
    MatmulT body;
    body.m = body.n = body.k = 4;
    body.a = pad(DType::f32, 0, {16, 0, 4});
    body.b = pad(DType::f32, 64, {0, 4, 16});
    body.d = pad(DType::f32, 128, {16, 4, 0});
    return body;
  }
  /// Eight rows of eight: an input, and an output to `y`.
  TestVector rows() const {
    TestVector vector;
    vector.outer = {8};
    vector.inner = {8};
    vector.input(dram(x, DType::f32, 0, {32, 4}));
    return vector;
  }
  TestVector finished(TestVector vector, int value) const {
    vector.output(value, dram(y, DType::f32, 0, {32, 4}));
    return vector;
  }
};

std::string codeOfDma(void (*change)(DmaT &, Base &)) {
  Base base;
  DmaT body = base.copy();
  change(body, base);
  base.add(std::move(body));
  return codeOf(base);
}

std::string codeOfMatmul(void (*change)(MatmulT &)) {
  Base base;
  MatmulT body = base.product();
  change(body);
  base.add(std::move(body));
  return codeOf(base);
}

/// A vector program whose first instruction is as given; values 0 to 5 are x as f32, i32, f16, i1, i8, i64.
std::string codeOfStep(Op op, DType dtype, int a = -1, int b = -1, int c = -1, uint64_t imm = 0) {
  Base base;
  TestVector vector;
  vector.outer = {8};
  for (DType type : {DType::f32, DType::i32, DType::f16, DType::i1, DType::i8, DType::i64})
    vector.input(dram(base.x, type, 0, {8}));
  vector.step(op, dtype, a, b, c, imm);
  base.addVector(std::move(vector));
  return codeOf(base);
}

} // namespace

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

TEST_CASE("RBLN-B026: operands of instructions", "[verify]") {
  CHECK(codeOfStep(Op::addf, DType::f32, 0, 6) == "B026");
  CHECK(codeOfStep(Op::addf, DType::f32, 0, -1) == "B026");
  CHECK(codeOfStep(Op::addf, DType::f32, 0, 2) == "B026");
  CHECK(codeOfStep(Op::addf, DType::f16, 0, 0) == "B026");
  CHECK(codeOfStep(Op::addf, DType::i32, 1, 1) == "B026");
  CHECK(codeOfStep(Op::addi, DType::f32, 0, 0) == "B026");
  CHECK(codeOfStep(Op::addi, DType::i32, 1, 5) == "B026");
  CHECK(codeOfStep(Op::exp, DType::i32, 1) == "B026");
  CHECK(codeOfStep(Op::fma, DType::f32, 0, 0) == "B026");
  CHECK(codeOfStep(Op::select, DType::f32, 4, 0, 0) == "B026");
  CHECK(codeOfStep(Op::select, DType::f32, 3, 0, 2) == "B026");
  CHECK(codeOfStep(Op::cmpf, DType::i8, 0, 0) == "B026");
  CHECK(codeOfStep(Op::cmpf, DType::i1, 0, 0, -1, 16) == "B026");
  CHECK(codeOfStep(Op::cmpi, DType::i1, 1, 1, -1, 10) == "B026");
  CHECK(codeOfStep(Op::cmpi, DType::i1, 0, 0) == "B026");
  CHECK(codeOfStep(Op::extf, DType::f32, 0) == "B026");
  CHECK(codeOfStep(Op::extf, DType::bf16, 2) == "B026");
  CHECK(codeOfStep(Op::truncf, DType::f16, 2) == "B026");
  CHECK(codeOfStep(Op::extsi, DType::i8, 1) == "B026");
  CHECK(codeOfStep(Op::trunci, DType::i64, 1) == "B026");
  CHECK(codeOfStep(Op::sitofp, DType::f32, 0) == "B026");
  CHECK(codeOfStep(Op::fptosi, DType::i32, 1) == "B026");
  CHECK(codeOfStep(Op::bitcast, DType::i64, 0) == "B026");
  CHECK(codeOfStep(Op::constant, DType::i8, -1, -1, -1, 256) == "B026");
  CHECK(codeOfStep(Op::constant, DType::i1, -1, -1, -1, 2) == "B026");
  CHECK(codeOfStep(Op::constant, DType::i64, -1, -1, -1, UINT64_MAX) == "");
  CHECK(codeOfStep(Op::index, DType::i32, -1, -1, -1, 1) == "B026");
  CHECK(codeOfStep(Op::index, DType::f32, -1, -1, -1, 0) == "B026");
}

TEST_CASE("RBLN-B026: steps and outputs", "[verify]") {
  Base base;
  SECTION("a step is one thing") {
    TestVector vector = base.rows();
    vector.steps.push_back(std::make_unique<VectorStepT>());
    base.addVector(std::move(vector));
  }
  SECTION("an output's value exists") { base.addVector(base.finished(base.rows(), 1)); }
  SECTION("an output's value is not negative") { base.addVector(base.finished(base.rows(), -1)); }
  SECTION("an output has its value's dtype") {
    TestVector vector = base.rows();
    vector.output(0, dram(base.y, DType::i32, 0, {32, 4}));
    base.addVector(std::move(vector));
  }
  SECTION("a row does not fit one place") {
    TestVector vector = base.rows();
    vector.output(0, dram(base.y, DType::f32, 0, {4, 0}));
    base.addVector(std::move(vector));
  }
  SECTION("a register is loaded from an integer") { base.loadScalar(base.reg, dram(base.x, DType::f32, 0, {})); }
  CHECK(codeOf(base) == "B026");
}

TEST_CASE("RBLN-B027: reductions", "[verify]") {
  auto with = [](auto change) {
    Base base;
    TestVector vector = base.rows();
    change(vector);
    base.addVector(base.finished(std::move(vector), 0));
    return codeOf(base);
  };
  CHECK(with([](TestVector &v) { v.reduce(Op::addf, 0); }) == "");
  CHECK(with([](TestVector &v) { v.reduce(Op::addi, 0); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce(Op::subf, 0); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce(Op::addf, 5); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce(std::vector<int>{}, {}, {}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 1)}, {2}); }) == "");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 1)}, {3}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 1)}, {}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::cmpf, DType::i1, 0, 1)}, {2}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 2)}, {0}); }) == "B026");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::index, DType::i32)}, {0}); }) == "B026");
  CHECK(with([](TestVector &v) {
          int r = v.reduce(Op::addf, 0);
          v.steps[0]->reduction->operands = {0, 0};
          v.values = r + 2;
        }) == "B027");
  // A row without elements has no maximum.
  CHECK(with([](TestVector &v) {
          v.inner = {0};
          v.reduce(Op::addf, 0);
        }) == "B027");
}

TEST_CASE("RBLN-B028: matrix products", "[verify]") {
  CHECK(codeOfMatmul([](MatmulT &m) { m.b->dtype = DType::i32; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i64; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i1; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i8; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i8, m.d->dtype = DType::i32; }) == "");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->dtype = DType::bf16; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->dtype = DType::f16; }) == "");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->strides[1] = 4; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.b->strides[0] = 4; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->strides[2] = 4; }) == "B028");
}

TEST_CASE("RBLN-B029: transfers", "[verify]") {
  CHECK(codeOfDma([](DmaT &d, Base &) { d.destination->dtype = DType::i32; }) == "B029");
  CHECK(codeOfDma([](DmaT &d, Base &) { d.clips.assign(64, Clip(0, -1, 0, 0, 8, 0)); }) == "");
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

TEST_CASE("overflow checks", "[verify]") {
  auto with = [](auto change) {
    Base base;
    OverflowCheckT check;
    check.operation = CheckedOp::add;
    check.width = 32;
    check.registers = {base.reg};
    check.lhs = {0, 1, 0};
    check.rhs = {5, 0, 1};
    check.unless = {base.reg};
    change(check);
    LoadScalarT load;
    load.register_ = base.reg;
    load.source = dram(base.n, DType::i32, 0, {});
    load.checks.push_back(std::make_unique<OverflowCheckT>(std::move(check)));
    base.add(std::move(load));
    return codeOf(base);
  };
  CHECK(with([](OverflowCheckT &) {}) == "");
  CHECK(with([](OverflowCheckT &c) { c.width = 0; }) == "B026");
  CHECK(with([](OverflowCheckT &c) { c.width = 65; }) == "B026");
  CHECK(with([](OverflowCheckT &c) { c.operation = static_cast<CheckedOp>(200); }) == "B035");
  CHECK(with([](OverflowCheckT &c) { c.line = 1000; }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.registers = {7}; }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.unless = {7}; }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.registers.clear(); }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.lhs.clear(); }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.rhs.push_back(1); }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.partition = 8; }) == "B022");
  for (size_t count : {64, 65})
    CHECK(with([&](OverflowCheckT &c) {
            c.registers.assign(count, c.registers.front());
            c.lhs.resize(count + 2);
            c.rhs.resize(count + 2);
          }) == (count == 64 ? "" : "B036"));
  for (CheckedOp append : {CheckedOp::append, CheckedOp::append_last}) {
    CHECK(with([&](OverflowCheckT &c) { c.operation = append; }) == "B022");
    CHECK(with([&](OverflowCheckT &c) { c.operation = append, c.partition = -1; }) == "B022");
    CHECK(with([&](OverflowCheckT &c) { c.operation = append, c.partition = 8; }) == "");
  }
}

TEST_CASE("RBLN-B030: skips", "[verify]") {
  auto skipping = [](uint32_t count) {
    Base base;
    base.skip(base.reg, true, count);
    base.add(base.copy());
    return codeOf(base);
  };
  CHECK(skipping(0) == "");
  CHECK(skipping(1) == "");
  CHECK(skipping(2) == "B030");
  CHECK(skipping(UINT32_MAX) == "B030");
  Base base;
  for (uint32_t i = 0; i < 100; ++i)
    base.skip(base.reg, true, 100 - i);
  base.add(base.copy());
  CHECK(codeOf(base) == "B036");
}

TEST_CASE("RBLN-B031: deadlocks", "[verify]") {
  Base base;
  SECTION("no signal") { base.wait(0, 1, engine); }
  SECTION("too few signals") {
    base.signal(0, dma);
    base.wait(0, 2, engine);
  }
  SECTION("a circle") {
    base.wait(0, 1, engine);
    base.signal(1, engine);
    base.wait(1, 1, dma);
    base.signal(0, dma);
  }
  SECTION("its own later signal") {
    base.wait(0, 1, engine);
    base.signal(0, engine);
  }
  SECTION("a signal that may be skipped") {
    base.loadScalar(base.reg, dram(base.n, DType::i32, 0, {}), dma);
    base.skip(base.reg, true, 1, dma);
    base.signal(0, dma);
    base.wait(0, 1, engine);
  }
  SECTION("a signal under the opposite condition") {
    base.loadScalar(base.reg, dram(base.n, DType::i32, 0, {}), dma);
    base.skip(base.reg, true, 1, dma);
    base.signal(0, dma);
    base.skip(base.reg, false, 1, engine);
    base.wait(0, 1, engine);
  }
  SECTION("the same condition on a register that is loaded twice") {
    base.loadScalar(base.reg, dram(base.n, DType::i32, 0, {}), dma);
    base.loadScalar(base.reg, dram(base.n, DType::i32, 4, {}), dma);
    base.skip(base.reg, true, 1, dma);
    base.signal(0, dma);
    base.skip(base.reg, true, 1, engine);
    base.wait(0, 1, engine);
  }
  CHECK(codeOf(base) == "B031");
}

TEST_CASE("queues that always end are accepted", "[verify]") {
  Base base;
  SECTION("ping-pong") {
    base.signal(0, engine);
    base.wait(1, 1, engine);
    base.wait(0, 1, dma);
    base.signal(1, dma);
  }
  SECTION("signal and wait under one condition") {
    base.loadScalar(base.reg, dram(base.n, DType::i32, 0, {}), dma);
    base.skip(base.reg, true, 1, dma);
    base.signal(0, dma);
    base.skip(base.reg, true, 1, engine);
    base.wait(0, 1, engine);
  }
  SECTION("a wait under more conditions than its signal") {
    uint32_t other = base.addRegister(0, 1);
    base.skip(base.reg, true, 1, dma);
    base.signal(0, dma);
    base.skip(other, true, 2, engine);
    base.skip(base.reg, true, 1, engine);
    base.wait(0, 1, engine);
  }
  SECTION("waiting for nothing") { base.wait(0, 0, engine); }
  CHECK(codeOf(base) == "");
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
