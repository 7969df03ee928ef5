#include "rblnc/support/CheckedOps.h"

#include <catch2/catch.hpp>

using namespace rblnc;

TEST_CASE("checked operations are found by the names that the IR has") {
  for (size_t i = 0; i < checkedOpNames.size(); ++i)
    CHECK(checkedOpOf(checkedOpNames[i]) == i);
  for (std::string_view name : {"/", "++", "appendlast", "Append"})
    CHECK_FALSE(checkedOpOf(name));
}

TEST_CASE("a check is of 1 to 64 bits, and has a partition only where rows are appended") {
  CHECK(checkedOpFault("/", 32, 0) == "'/' is no operation that overflows");
  for (int64_t width : {1, 64})
    CHECK(checkedOpFault("+", width, 0).empty());
  for (int64_t width : {0, 65, -1})
    CHECK(checkedOpFault("", width, 0) == "an integer of " + std::to_string(width) + " bits has no overflow check");
  for (std::string_view append : {"append", "append last"}) {
    CHECK(checkedOpFault(append, 64, 1).empty());
    CHECK(checkedOpFault(append, 64, 0) == "'" + std::string(append) + "' has no partition of 0 rows");
    CHECK(!checkedOpFault(append, 64, -8).empty());
  }
  CHECK(checkedOpFault("<<", 64, 8) == "'<<' has no partition of 8 rows");
}
