// The proof that every compilation makes of its bundle.
#include "Proof.h"
#include "bundle/Build.h"

#include "rblnc/bundle/Prove.h"

using namespace rblnc::test;
using rblnc::Code;
using rblnc::driver::findFault;

TEST_CASE("a sound bundle has no fault", "[driver]") {
  TestBundle bundle;
  uint32_t y = bundle.argument("y", DType::f32, 64, Direction::inout);
  bundle.addDma({64}, dram(y, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  CHECK(!findFault(bundle.bytes()));
}

TEST_CASE("RBLN-X001: a bundle that breaks a rule, with the verifier's words and place", "[driver]") {
  TestBundle bundle;
  uint32_t y = bundle.argument("y", DType::f32, 64, Direction::inout);
  bundle.addDma({65}, dram(y, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  auto verifier = whyNot(bundle.bytes());
  REQUIRE(verifier);
  auto fault = findFault(bundle.bytes());
  REQUIRE(fault);
  CHECK(fault->code == Code::X001);
  CHECK(fault->severity == rblnc::Severity::Error);
  CHECK(fault->message == "the bundle that was made breaks a rule of bundles: " + verifier->message + " [" +
                              std::string(rblnc::infoOf(verifier->code).name) + "]");
  CHECK(fault->frames == verifier->frames);
}

TEST_CASE("RBLN-X002: a bundle whose queues race opens all the same, and its commands are named", "[driver]") {
  TestBundle bundle;
  uint32_t y = bundle.argument("y", DType::f32, 64, Direction::inout);
  bool waits = GENERATE(true, false);
  bundle.addDma({64}, dram(y, DType::f32, 0, {4}), pad(DType::f32, 0, {4}), Unit::neural_dma);
  bundle.signal(0, Unit::neural_dma);
  if (waits)
    bundle.wait(0, 1, Unit::neural_engine);
  bundle.addDma({64}, pad(DType::f32, 0, {4}), pad(DType::f32, 4096, {4}));
  CHECK(!findFault(bundle.bytes()));
  auto opened = rblnc::driver::openBytes(bundle.bytes());
  REQUIRE(static_cast<bool>(opened));
  auto races = rblnc::bundle::findUnordered(**opened, Code::X002);
  REQUIRE(races.size() == (waits ? 0 : 1));
  if (!waits) {
    CHECK(races[0].code == Code::X002);
    CHECK(races[0].message.find("command 0 of neural_dma 0 (dma)") != std::string::npos);
    CHECK(races[0].frames == std::vector<rblnc::SourceFrame>{{"kernel.py", 12, 0, ""}});
  }
}

TEST_CASE("RBLN-X001: bytes that are no bundle", "[driver]") {
  std::vector<uint8_t> bytes = TestBundle().bytes();
  bytes.pop_back();
  auto fault = findFault(bytes);
  REQUIRE(fault);
  CHECK(fault->code == Code::X001);
  CHECK(fault->message.find("[RBLN-B004]") != std::string::npos);
  CHECK(findFault({})->code == Code::X001);
}

TEST_CASE("RBLN-P003: a planned program that is too large is the kernel's matter, a written one is refused as it is",
          "[driver]") {
  rblnc::Diagnostic fault;
  fault.code = GENERATE(Code::B033, Code::B034, Code::B036);
  fault.message = "the program has more than 2097152 commands, accesses and steps";
  rblnc::Diagnostic planned = rblnc::driver::explainFault(fault, Code::X001);
  CHECK(planned.code == Code::P003);
  CHECK(planned.message == "the kernel becomes more than a bundle may hold: " + fault.message);
  CHECK(!planned.fix.empty());
  CHECK(rblnc::driver::explainFault(fault, Code::I023).code == Code::I023);
}
