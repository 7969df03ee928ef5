// Findings as SARIF, GitHub's annotations, JUnit and JSON, with names that hold what each form has to escape.
#include "rblnc/report/Findings.h"

#include "llvm/Support/JSON.h"

#include <catch2/catch.hpp>

using namespace rblnc;
using namespace rblnc::report;

namespace {

Diagnostic finding(Code code, Severity severity, std::string message, std::vector<SourceFrame> frames = {}) {
  return {code, severity, std::move(message), std::move(frames), {}, {}};
}

std::vector<InputFindings> sample() {
  Diagnostic error =
      finding(Code::C001, Severity::Error, "50% of \"x\"\n<a> & b: c,d", {{"dir, a/k:1.py", 12, 8, "f"}});
  error.fix = "write\ty";
  error.notes.push_back({"here", {{"lib.py", 3, 0, ""}}});
  error.frames.push_back({"/abs/caller.py", 7, 1, "g"});
  return {{"a.ttir", {error, finding(Code::W001, Severity::Warning, "odd\x1b[2J\xff")}},
          {"b.ttir", {}},
          {"c.ttir", {finding(Code::X001, Severity::Error, "our fault")}}};
}

llvm::json::Object parsed(const std::string &text) {
  auto value = llvm::json::parse(text);
  REQUIRE(static_cast<bool>(value));
  REQUIRE(value->getAsObject());
  return *value->getAsObject();
}

const FindingsTool tool{"1.2.3", "rblnc check"};

} // namespace

TEST_CASE("findings are counted", "[report]") {
  FindingCounts counts = countFindings(sample());
  CHECK(counts.inputs == 3);
  CHECK(counts.inputsWithErrors == 2);
  CHECK(counts.errors == 2);
  CHECK(counts.warnings == 1);
  CHECK(findingsSummary(sample()) == "2 errors and 1 warning in 3 kernels");
  CHECK(findingsSummary(std::vector<InputFindings>{{"a", {}}}) == "nothing found in 1 kernel");
  CHECK(findingsStatistics(sample()).find("     1  RBLN-C001  ") == 0);
}

TEST_CASE("the names of the forms", "[report]") {
  for (size_t i = 0; i < findingsFormatNames().size(); ++i)
    CHECK(findingsFormatFromName(findingsFormatNames()[i]) == static_cast<FindingsFormat>(i));
  CHECK(!findingsFormatFromName("Text"));
}

TEST_CASE("findings as JSON", "[report]") {
  llvm::json::Object all = parsed(findingsJson(sample()));
  CHECK(all.getInteger("schema") == 1);
  const llvm::json::Array &files = *all.getArray("files");
  REQUIRE(files.size() == 3);
  CHECK(files[0].getAsObject()->getBoolean("ok") == false);
  CHECK(files[1].getAsObject()->getBoolean("ok") == true);
  CHECK(all.getObject("summary")->getInteger("errors") == 2);
}

TEST_CASE("findings as SARIF", "[report]") {
  llvm::json::Object log = parsed(findingsSarif(sample(), tool));
  CHECK(log.getString("version") == "2.1.0");
  const llvm::json::Object &run = *(*log.getArray("runs"))[0].getAsObject();
  const llvm::json::Array &results = *run.getArray("results");
  const llvm::json::Array &rules = *run.getObject("tool")->getObject("driver")->getArray("rules");
  REQUIRE(results.size() == 3);
  REQUIRE(rules.size() == 3);
  const llvm::json::Object &first = *results[0].getAsObject();
  CHECK(first.getString("ruleId") == "RBLN-C001");
  CHECK(rules[static_cast<size_t>(*first.getInteger("ruleIndex"))].getAsObject()->getString("id") == "RBLN-C001");
  const llvm::json::Object &place = *(*first.getArray("locations"))[0].getAsObject()->getObject("physicalLocation");
  CHECK(place.getObject("artifactLocation")->getString("uri") == "dir,%20a/k:1.py");
  CHECK(place.getObject("region")->getInteger("startLine") == 12);
  CHECK(first.getArray("relatedLocations")->size() == 2);
  // Without a place in Python it is the input, and a zero is no column.
  const llvm::json::Object &second =
      *(*results[1].getAsObject()->getArray("locations"))[0].getAsObject()->getObject("physicalLocation");
  CHECK(second.getObject("artifactLocation")->getString("uri") == "a.ttir");
  CHECK(!second.getObject("region"));
}

TEST_CASE("results of SARIF name their rule, which stands once", "[report]") {
  const std::vector<InputFindings> findings{
      {"a.ttir",
       {finding(Code::C001, Severity::Error, "m"), finding(Code::C004, Severity::Error, "m"),
        finding(Code::C001, Severity::Error, "m")}},
      {"b.ttir", {finding(Code::C001, Severity::Error, "m")}}};
  llvm::json::Object log = parsed(findingsSarif(findings, tool));
  const llvm::json::Object &run = *(*log.getArray("runs"))[0].getAsObject();
  CHECK(run.getObject("tool")->getObject("driver")->getArray("rules")->size() == 2);
  std::vector<int64_t> indices;
  for (const llvm::json::Value &result : *run.getArray("results"))
    indices.push_back(*result.getAsObject()->getInteger("ruleIndex"));
  CHECK(indices == std::vector<int64_t>{0, 1, 0, 0});
}

TEST_CASE("warnings and notes are no failures of JUnit", "[report]") {
  const std::vector<InputFindings> findings{
      {"a.ttir", {finding(Code::W001, Severity::Warning, "advice"), finding(Code::W002, Severity::Note, "hint")}},
      {"b.ttir", {finding(Code::W001, Severity::Warning, "before"), finding(Code::C001, Severity::Error, "wrong")}}};
  std::string text = findingsJunit(findings, tool);
  INFO(text);
  CHECK(text.find("tests=\"2\" failures=\"1\" errors=\"0\"") != std::string::npos);
  CHECK(text.find("<failure type=\"RBLN-C001\" message=\"wrong\">") != std::string::npos);
  CHECK(text.find("RBLN-W001\" message") == std::string::npos);
  CHECK(text.find("advice") > text.find("<system-out>"));
}

TEST_CASE("paths of SARIF are URI references", "[report]") {
  auto uri = [](const std::string &path) {
    std::string text =
        findingsSarif(std::vector<InputFindings>{{path, {finding(Code::C001, Severity::Error, "m")}}}, tool);
    size_t start = text.find("\"uri\": \"") + 8;
    return text.substr(start, text.find('"', start) - start);
  };
  CHECK(uri("/tmp/a b.ttir") == "file:///tmp/a%20b.ttir");
  CHECK(uri("c:k.ttir") == "./c:k.ttir");
  CHECK(uri("c:d/k.ttir") == "./c:d/k.ttir");
  CHECK(uri("d/c:k.ttir") == "d/c:k.ttir");
  CHECK(uri("/c:k.ttir") == "file:///c:k.ttir");
  CHECK(uri("<stdin>") == "%3Cstdin%3E");
  CHECK(uri("a%b#c?d.ttir") == "a%25b%23c%3Fd.ttir");
}

TEST_CASE("findings as annotations of GitHub", "[report]") {
  std::string text = findingsGithub(sample());
  std::string first = text.substr(0, text.find('\n'));
  CHECK(first == "::error file=dir%2C a/k%3A1.py,line=12,col=8,title=RBLN-C001::"
                 "50%25 of \"x\"%0A<a> & b: c,d%0Anote: here%0Afix: write\ty");
  CHECK(text.find("::warning file=a.ttir,title=RBLN-W001::odd\\x1b[2J") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("findings as JUnit", "[report]") {
  std::string text = findingsJunit(sample(), tool);
  CHECK(text.find("<testsuite name=\"rblnc check\" tests=\"3\" failures=\"1\" errors=\"1\">") != std::string::npos);
  CHECK(text.find("message=\"50% of &quot;x&quot;&#10;&lt;a&gt; &amp; b: c,d\"") != std::string::npos);
  CHECK(text.find("name=\"b.ttir\"/>") != std::string::npos);
  CHECK(text.find("<error type=\"RBLN-X001\"") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(llvm::json::isUTF8(text));
}
