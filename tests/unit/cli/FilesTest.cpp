// Which files of a command are the same, also while other processes replace them.
#include "files/Files.h"
#include "../support/Scratch.h"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace rblnc::cli;
using rblnc::test::Scratch;

TEST_CASE("a file whose number another name has taken over is another one", "[cli]") {
  Scratch scratch;
  std::string first = scratch.write("first", "a"), second = scratch.path("second");
  std::filesystem::create_hard_link(first, second);
  Files files;
  CHECK(!files.write(first, "one"));
  CHECK(files.write(second, "two").value_or("").find("two would replace one") == 0);

  std::filesystem::rename(scratch.write("replacement", "b"), first);
  CHECK(!files.write(second, "two"));
  CHECK(files.write(scratch.path("./second"), "three").value_or("").find("three would replace two") == 0);

  CHECK(!files.write(scratch.path("new"), "four"));
  CHECK(files.write(scratch.path("./new"), "five").value_or("").find("five would replace four") == 0);
}
