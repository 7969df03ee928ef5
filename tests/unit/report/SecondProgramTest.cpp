// A bundle with programs for two chips: every report speaks of the one that ran. And bytes that are moved, which are
// not those of DRAM.
#include "report/Program.h"

using namespace rblnc::test;
using rblnc::report::ProfiledRun;

namespace {

/// 1000 f32 to shared SRAM and 250 of them from there to a scratchpad, by the second of two programs.
struct TwoChips : TestBundle {
  TwoChips() {
    targets.push_back(std::make_unique<TargetT>(freeze(*llvm::cantFail(rblnc::findTarget("rbln-cr03")))));
    uint32_t x = argument("x", DType::f32, 1000, Direction::in);
    uint32_t load = addLine("kernel.py", 7);
    addDma({1000}, dram(x, DType::f32, 0, {4}), access(Memory::shared, 0, DType::f32, 0, {4}), Unit::task_dma).line =
        load;
    addDma({250}, access(Memory::shared, 0, DType::f32, 0, {4}), pad(DType::f32, 0, {4}), Unit::task_dma).line = load;
    auto other = std::make_unique<ProgramT>();
    other->kernel = "other";
    programs.insert(programs.begin(), std::move(other));
    programs[1]->target = 1;
  }

  template <typename F> void profiled(F f) {
    std::vector<float> in(1000);
    OpenBundle file = llvm::cantFail(openBytes(bytes()));
    rblnc::emulator::RunOptions options;
    options.profile = true;
    auto machine = rblnc::emulator::Machine::create(file, 1);
    if (!machine)
      FAIL(textOf(machine.takeError()));
    auto result = machine->run(Arrays().bind("x", in).arguments, options);
    if (!result)
      FAIL(textOf(result.takeError()));
    f(ProfiledRun{*file, *file->programs()->Get(1), result->stats, *result->profile});
  }
};

} // namespace

TEST_CASE("every report names the chip and the kernel that ran", "[report]") {
  TwoChips().profiled([](const ProfiledRun &run) {
    llvm::json::Object json = rblnc::report::statisticsJson(run);
    CHECK(json.getString("target") == "rbln-cr03");
    CHECK(json.getString("kernel") == "kernel");
    for (const std::string &text : {rblnc::report::statisticsTable(run), rblnc::report::perfettoTrace(run)}) {
      CHECK(text.find("kernel on rbln-cr03") != std::string::npos);
      CHECK(text.find("rbln-ca22") == std::string::npos);
    }
    CHECK(rblnc::report::htmlPage(run).find("rbln-cr03") != std::string::npos);
  });
}

TEST_CASE("a line tells the bytes that it moved and those of DRAM", "[report]") {
  TwoChips().profiled([](const ProfiledRun &run) {
    llvm::json::Object json = rblnc::report::statisticsJson(run);
    CHECK(json.getInteger("dma_bytes") == 5000);
    CHECK(json.getInteger("dram_bytes") == 4000);
    const llvm::json::Object &line = *json.getArray("lines")->front().getAsObject();
    CHECK(line.getInteger("dma_bytes") == 5000);
    CHECK(line.getInteger("dram_bytes") == 4000);
  });
}

TEST_CASE("a transfer's bytes in the trace are those that it moved, wherever it moved them", "[trace]") {
  TwoChips().profiled([](const ProfiledRun &run) {
    std::string trace = rblnc::report::perfettoTrace(run);
    auto count = [&](const std::string &part) {
      size_t found = 0;
      for (size_t at = 0; (at = trace.find(part, at)) != std::string::npos; ++at)
        ++found;
      return found;
    };
    CHECK(count(":4000Byte") == 1);
    CHECK(count(":1000Byte") == 1); // from shared SRAM, and none of DRAM
    CHECK(count("transfer_bytes") == 2);
    CHECK(count("dram_bytes") == 1);
    // An annotation is its name, field 10, and its number, field 3: 4000 and 1000 as varints.
    auto annotation = [](const std::string &name, const std::string &varint) {
      return "\x52" + std::string(1, static_cast<char>(name.size())) + name + "\x18" + varint;
    };
    CHECK(count(annotation("transfer_bytes", "\xa0\x1f")) == 1);
    CHECK(count(annotation("transfer_bytes", "\xe8\x07")) == 1);
    CHECK(count(annotation("dram_bytes", "\xa0\x1f")) == 1);
  });
}
