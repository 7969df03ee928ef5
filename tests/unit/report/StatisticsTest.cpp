// Statistics as JSON and as a table, against figures computed by hand.
#include "report/Program.h"

using namespace rblnc::test;
using rblnc::report::ProfiledRun;

TEST_CASE("statistics as JSON have every figure", "[report]") {
  DoubleProgram().profiled([](const ProfiledRun &run) {
    llvm::json::Object json = rblnc::report::statisticsJson(run);
    auto about = [](double value) { return Approx(value).epsilon(1e-9); };
    CHECK(json.getString("kernel") == "kernel");
    CHECK(json.getString("target") == "rbln-ca22");
    CHECK(*json.getNumber("modelled_seconds") == about(12e-6));
    CHECK(json.getInteger("dram_bytes") == 8000);
    CHECK(json.getInteger("compulsory_bytes") == 8000);
    CHECK(json.getInteger("compulsory_read_bytes") == 4000);
    CHECK(*json.getNumber("dram_over_compulsory") == 1);
    CHECK(json.getString("bottleneck") == "memory");
    CHECK(*json.getNumber("compute_seconds") == about(1e-6));
    CHECK(*json.getNumber("memory_seconds") == about(8e-6));
    CHECK(*json.getNumber("latency_seconds") == about(3e-6));
    CHECK(*json.getNumber("engine_balance") == about(0.5));
    const llvm::json::Object &roofline = *json.getObject("roofline");
    CHECK(*roofline.getNumber("bound_seconds") == about(8e-6));
    CHECK(roofline.getString("limit") == "memory");
    CHECK(*roofline.getNumber("share_reached") == about(8.0 / 12));
    const llvm::json::Object &memory = *json.getArray("memories")->front().getAsObject();
    CHECK(memory.getString("name") == "Scratchpad 0");
    CHECK(memory.getInteger("peak_live_bytes") == 2 * 63 * 64); // 4000 bytes are 63 lines
    const llvm::json::Array &lines = *json.getArray("lines");
    REQUIRE(lines.size() == 2);
    const llvm::json::Object &first = *lines[0].getAsObject(), &second = *lines[1].getAsObject();
    CHECK(first.getInteger("line") == 12);
    CHECK(*first.getNumber("seconds") == about(7e-6));
    CHECK(first.getInteger("vector_ops") == 1000);
    CHECK(second.getString("file") == "kernel.py");
    CHECK(second.getInteger("line") == 7);
    CHECK(second.getInteger("dram_bytes") == 4000);
  });
}

TEST_CASE("the table says the same", "[report]") {
  DoubleProgram().profiled([](const ProfiledRun &run) {
    std::string table = rblnc::report::statisticsTable(run);
    INFO(table);
    for (const char *part : {"kernel on rbln-ca22", "12.000 us", "8.000 us (memory), 66.7 % reached",
                             "memory: the busiest engine", "7.81 KiB of 7.81 KiB compulsory", "1.000 times",
                             "50.0 % balanced", "Neural Engine Clusters 0", "kernel.py:12", "kernel.py:7"})
      CHECK(table.find(part) != std::string::npos);
    for (size_t at = 0, end; (end = table.find('\n', at)) != std::string::npos; at = end + 1)
      CHECK(end - at <= 120);
  });
}

TEST_CASE("a run that touches no argument has no ratios", "[report]") {
  TestBundle bundle;
  uint32_t zero = bundle.constant(std::vector<uint8_t>(400));
  bundle.addDma({100}, dram(zero, DType::f32, 0, {4}), pad(DType::f32, 0, {4}));
  RunOptions options;
  options.profile = true;
  RunResult result = run(bundle, Arrays(), options);
  OpenBundle file = llvm::cantFail(openBytes(bundle.bytes()));
  ProfiledRun profiled{*file, *file->programs()->Get(0), result.stats, *result.profile};
  llvm::json::Object json = rblnc::report::statisticsJson(profiled);
  CHECK(json.get("dram_over_compulsory")->kind() == llvm::json::Value::Null);
  CHECK(*json.getObject("roofline")->getNumber("share_reached") == 0);
  CHECK(rblnc::report::statisticsTable(profiled).find("nan") == std::string::npos);
}

TEST_CASE("the share of the roofline is that of its limit, whatever that is", "[report]") {
  DoubleProgram program;
  program.targets[0]->vector_ops_per_second = 1e7;
  program.profiled([](const ProfiledRun &run) {
    llvm::json::Object json = rblnc::report::statisticsJson(run);
    const llvm::json::Object &roofline = *json.getObject("roofline");
    double bound = *roofline.getNumber("bound_seconds");
    CHECK(roofline.getString("limit") == "vector");
    CHECK(bound == *roofline.getNumber("vector_seconds"));
    CHECK(bound > 2 * *roofline.getNumber("memory_seconds"));
    CHECK(*roofline.getNumber("share_reached") == Approx(bound / *json.getNumber("modelled_seconds")).epsilon(1e-9));
  });
}
