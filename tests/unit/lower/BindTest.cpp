// --bind: which values are accepted, and what they become.
#include "Lowered.h"

#include "catch2/catch.hpp"

namespace {

/// The codes of binding the one argument of `type`, or the constant that it became, as it is stored to memory.
std::string bound(const std::string &type, const std::string &value) {
  rblnc::LowerOptions options;
  options.binds["arg1"] = value;
  Lowered lowered("%x: !tt.ptr<" + type + ">, %n: " + type, "tt.store %x, %n : !tt.ptr<" + type + ">", options);
  if (!lowered.done())
    return lowered.codes();
  size_t begin = lowered.text.find("dense<") + 6;
  return lowered.text.substr(begin, lowered.text.find('>', begin) - begin);
}

} // namespace

TEST_CASE("integers") {
  CHECK(bound("i32", "7") == "7");
  CHECK(bound("i32", "-2147483648") == "-2147483648");
  CHECK(bound("i32", "0x10") == "16");
  CHECK(bound("i8", "255") == "-1"); // Signless: an unsigned argument holds it.
  CHECK(bound("i1", "true") == "true");
  CHECK(bound("i64", "-9223372036854775808") == "-9223372036854775808");
}

TEST_CASE("I012: integers that do not fit, or are none") {
  for (const char *value : {"4294967296", "-2147483649", "", "-", "0x", "1.0", "1e3", "seven", "--1", "1 ",
                            "99999999999999999999999999999999999999999999999999999999999999999999999"})
    CHECK(bound("i32", value) == "I012");
  CHECK(bound("i8", "256") == "I012");
  CHECK(bound("i8", "-129") == "I012");
  CHECK(bound("i1", "2") == "I012");
}

TEST_CASE("floats are rounded to the type") {
  CHECK(bound("f32", "0.5") == "5.000000e-01");
  CHECK(bound("f32", "-.5") == "-5.000000e-01");
  CHECK(bound("f32", "2") == "2.000000e+00");
  CHECK(bound("f16", "65504") == "6.550400e+04");
  CHECK(bound("f32", "1e-3") == "1.000000e-03");
  CHECK(bound("bf16", "-inf") == "0xFF80");
  CHECK(bound("f32", "nan") == "0x7FC00000");
}

TEST_CASE("I012: floats that do not fit, or are none") {
  CHECK(bound("f16", "1e6") == "I012");
  CHECK(bound("f32", "1e39") == "I012");
  for (const char *value : {"", "-", ".", "-.", "e5", "1.5x", "0x", "0x1p", "one", "1e", "1e+", "1.2.3", "in f"})
    CHECK(bound("f32", value) == "I012");
}

TEST_CASE("I010 and I011: no argument, or an array") {
  rblnc::LowerOptions options;
  options.binds["m"] = "1";
  CHECK(Lowered("%n: i32", "", options).codes() == "I010");
  options.binds = {{"arg0", "1"}};
  CHECK(Lowered("%x: !tt.ptr<f32>", "", options).codes() == "I011");
}

TEST_CASE("a bound argument leaves the signature and keeps the names of the others") {
  rblnc::LowerOptions options;
  options.binds["arg0"] = "3";
  Lowered lowered("%n: i32, %x: !tt.ptr<i32>", "tt.store %x, %n : !tt.ptr<i32>", options);
  INFO(lowered.text);
  CHECK(lowered.contains("@kernel(%arg0: !rbln.array<1xi32> {rbln.extent_only, rbln.name = \"arg1\"}"));
}
