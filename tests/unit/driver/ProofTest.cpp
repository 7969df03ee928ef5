// The proof that every compilation makes of its bundle.
#include "Proof.h"
#include "bundle/Build.h"

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

TEST_CASE("RBLN-X001: bytes that are no bundle", "[driver]") {
  std::vector<uint8_t> bytes = TestBundle().bytes();
  bytes.pop_back();
  auto fault = findFault(bytes);
  REQUIRE(fault);
  CHECK(fault->code == Code::X001);
  CHECK(fault->message.find("[RBLN-B004]") != std::string::npos);
  CHECK(findFault({})->code == Code::X001);
}
