// What the semantic verifier refuses of queues: skips that leave them and waits that never end.
#include "bundle/Rules.h"

using namespace rblnc::test;

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
