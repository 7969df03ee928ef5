// Names and paths of a bundle are data in every form, whatever they hold.
#include "report/Program.h"

using namespace rblnc::test;
using rblnc::report::ProfiledRun;

namespace {

constexpr const char *hostileName = "</script><script>alert(1)</script>";
constexpr const char *hostilePath = "<!--{{page.js}}\xff\x1b[2J\n.py";

} // namespace

TEST_CASE("a page has no element of a bundle's making", "[report]") {
  auto scripts = [](const std::string &page) {
    size_t count = 0;
    for (size_t at = page.find("<script"); at != std::string::npos; at = page.find("<script", at + 1))
      ++count;
    return count;
  };
  std::string plain, hostile;
  DoubleProgram().profiled([&](const ProfiledRun &run) { plain = rblnc::report::htmlPage(run); });
  DoubleProgram(hostileName, hostilePath).profiled([&](const ProfiledRun &run) {
    hostile = rblnc::report::htmlPage(run);
  });
  CHECK(scripts(plain) == 3);
  CHECK(scripts(hostile) == 3);
  CHECK(hostile.find("<!--") == std::string::npos);
  CHECK(hostile.find("{{page.js}}") != std::string::npos); // as text: what is put in is not a template
  CHECK(hostile.find('\x1b') == std::string::npos);
}

TEST_CASE("tables and traces hold valid UTF-8 without control characters", "[report]") {
  DoubleProgram(hostileName, hostilePath).profiled([](const ProfiledRun &run) {
    std::string table = rblnc::report::statisticsTable(run);
    CHECK(table.find('\x1b') == std::string::npos);
    CHECK(llvm::json::isUTF8(table));
    CHECK(rblnc::report::perfettoTrace(run).find("\x1b[2J") == std::string::npos);
    CHECK(llvm::json::isUTF8(rblnc::report::htmlPage(run)));
  });
}
