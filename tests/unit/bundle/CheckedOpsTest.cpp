// What is checked of integers, in the schema and in the names that the IR has.
#include "bundle/Build.h"

#include "rblnc/support/CheckedOps.h"

using namespace rblnc::test;

TEST_CASE("the names of checked operations are in the order of the schema", "[verify]") {
  auto nameOf = [](CheckedOp operation) { return rblnc::checkedOpNames.at(static_cast<size_t>(operation)); };
  CHECK(nameOf(CheckedOp::none) == "");
  CHECK(nameOf(CheckedOp::add) == "+");
  CHECK(nameOf(CheckedOp::subtract) == "-");
  CHECK(nameOf(CheckedOp::multiply) == "*");
  CHECK(nameOf(CheckedOp::shift) == "<<");
  CHECK(nameOf(CheckedOp::append) == "append");
  CHECK(nameOf(CheckedOp::append_last) == "append last");
}
