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

TEST_CASE("a change of layout has its own name, whatever it moves between", "[trace]") {
  DoubleProgram program;
  program.programs[0]->queues[0]->commands[0]->body.AsDma()->layout_change = true;
  program.profiled([](const ProfiledRun &run) {
    std::string trace = rblnc::report::perfettoTrace(run);
    CHECK(trace.find("0_layout_change_0") != std::string::npos);
    CHECK(trace.find("load(x)") == std::string::npos);
    CHECK(trace.find("store(y)") != std::string::npos);
  });
}

TEST_CASE("the cycles of an engine are lines of its vector unit", "[trace]") {
  // 2 us, of which 1 us is set-up, at 1e9 operations a second.
  for (auto [elements, cycles] : {std::pair(64u, "31"), std::pair(16u, "125"), std::pair(1u, "2000")}) {
    DoubleProgram program;
    program.targets[0]->line_elements = elements;
    program.profiled([&, cycles = std::string(cycles)](const ProfiledRun &run) {
      std::string annotation = Message().text(10, "comp_cycle").message(12, Message().text(6, cycles)).bytes;
      INFO(elements << " elements a line, " << cycles << " cycles");
      CHECK(rblnc::report::perfettoTrace(run).find(annotation) != std::string::npos);
    });
  }
}

TEST_CASE("an arrow leads from the signal that lets a wait go on", "[trace]") {
  for (uint32_t value : {1u, 2u, 3u}) {
    DoubleProgram program;
    program.programs[0]->semaphores = 1;
    for (int i = 0; i < 3; ++i)
      program.signal(0, Unit::neural_dma);
    program.wait(0, value, Unit::task_dma);
    program.profiled([&](const ProfiledRun &run) {
      std::string trace = rblnc::report::perfettoTrace(run);
      // The wait's slice stands behind those of the queues before it; its number names the arrow.
      const auto &slices = run.profile.slices;
      size_t waits = 0, leaving = std::string::npos;
      std::vector<size_t> places;
      for (size_t i = 0; i < slices.size(); ++i) {
        const auto &command = *run.program.queues()->Get(slices[i].queue)->commands()->Get(slices[i].command);
        if (command.body_as_Wait())
          leaving = trace.find(Message().fixed(47, i + 1).bytes);
        waits += command.body_as_Wait() != nullptr;
        if (command.body_as_Signal())
          places.push_back(trace.find("_signal_" + std::to_string(slices[i].command)));
      }
      REQUIRE(waits == 1);
      REQUIRE(places.size() == 3);
      REQUIRE(leaving != std::string::npos);
      INFO("wait for " << value);
      CHECK(leaving > places[value - 1]);
      if (value < 3)
        CHECK(leaving < places[value]);
    });
  }
}
