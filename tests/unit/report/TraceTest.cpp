// The wire format against the bytes that the protobuf documentation gives, and the trace of a small program.
#include "report/Program.h"

#include "Protobuf.h"

using namespace rblnc::test;
using rblnc::report::Message;
using rblnc::report::ProfiledRun;

TEST_CASE("numbers are varints, texts and messages have lengths", "[trace]") {
  CHECK(Message().number(1, 150).bytes == "\x08\x96\x01");
  CHECK(Message().text(2, "testing").bytes == "\x12\x07testing");
  CHECK(Message().message(3, Message().number(1, 150)).bytes == "\x1a\x03\x08\x96\x01");
  CHECK(Message().number(60, UINT64_MAX).bytes == "\xe0\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST_CASE("slices have the vendor's names and their Python line", "[trace]") {
  DoubleProgram().profiled([](const ProfiledRun &run) {
    std::string trace = rblnc::report::perfettoTrace(run);
    for (const char *part :
         {"kernel on rbln-ca22 (modelled)", "Neural Engine Clusters 0", "0_load(x)_0", "1_addf_1", "2_store(y)_2",
          "kernel.py:7", "kernel.py:12", "transfer_bytes", "vector_ops", "Scratchpad 0"})
      CHECK(trace.find(part) != std::string::npos);
  });
}
