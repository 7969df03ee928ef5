// rblnc batch: many kernels at once, each in a process that can fail alone.
#include "Subcommands.h"
#include "batch/Manifest.h"
#include "batch/Progress.h"
#include "batch/Reports.h"
#include "batch/Work.h"
#include "files/Files.h"
#include "files/KernelFiles.h"
#include "options/CacheOptions.h"
#include "options/Command.h"
#include "options/KernelOptions.h"
#include "options/TargetOptions.h"
#include "pool/Pool.h"
#include "rblnc/driver/Version.h"
#include "rblnc/report/Findings.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Tensor.h"
#include "rblnc/support/TensorFile.h"
#include "terminal/Output.h"

#include "llvm/Support/GlobPattern.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

using namespace batch;

constexpr int exitInterrupted = 130;

struct Options {
  std::vector<std::string> paths;
  std::string manifest, output, shard, filter, depfile, junit, sarif, json;
  TargetOptions targets;
  KernelOptions kernel;
  CacheOptions cache;
  unsigned workers = defaultWorkers();
  double timeout = 120;
  std::string memory;
  bool isRun = false, failFast = false, isQuiet = false, hostTimes = false;
};

volatile std::sig_atomic_t interrupts = 0;

void onInterrupt(int) { interrupts = interrupts + 1; }

class Batch {
public:
  explicit Batch(const Options &options) : options(options) {}

  int run() {
    if (int status = collect())
      return status;
    if (int status = select())
      return status;
    if (int status = place())
      return status;
    auto start = std::chrono::steady_clock::now();
    work();
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return finish(seconds);
  }

private:
  int collect() {
    CompileOptions base;
    base.producer = producerName();
    if (int status = options.kernel.fill(base))
      return status;
    if (int status = options.targets.resolve(base.targets))
      return status;
    if (!options.memory.empty() && !(memory = parseSize(options.memory)))
      return usageError("--memory takes a size such as 512MiB or 4GiB, not '" + options.memory + "'");
    if (int status = readShard())
      return status;
    if (options.paths.empty() == options.manifest.empty())
      return usageError(options.paths.empty() ? "name folders or files with kernels, or a --manifest"
                                              : "PATH and --manifest exclude each other");
    if (options.manifest.empty())
      return collectFiles(base);
    auto made = readManifest(options.manifest, base);
    if (!made)
      return report(made.takeError());
    jobs = std::move(*made);
    for (Job &job : jobs)
      job.isRun |= options.isRun;
    return exitDone;
  }

  int collectFiles(const CompileOptions &base) {
    Diagnostics diagnostics;
    for (KernelFile &file : kernelFiles(options.paths, diagnostics)) {
      Job &job = jobs.emplace_back();
      job.name = std::move(file.name);
      job.input = std::move(file.path);
      job.options = base;
      job.isRun = options.isRun;
    }
    std::stable_sort(jobs.begin(), jobs.end(), [](const Job &a, const Job &b) { return a.name < b.name; });
    return report(diagnostics);
  }

  int readShard() {
    auto [first, second] = llvm::StringRef(options.shard).split('/');
    if (!options.shard.empty() &&
        (first.getAsInteger(10, shard) || second.getAsInteger(10, shardCount) || shard < 1 || shard > shardCount))
      return usageError("--shard takes I/N with I from 1 to N, not '" + options.shard + "'");
    return exitDone;
  }

  /// --filter and --shard.
  int select() {
    if (!options.filter.empty()) {
      auto pattern = llvm::GlobPattern::create(options.filter);
      if (!pattern)
        return usageError("--filter: " + llvm::toString(pattern.takeError()));
      std::erase_if(jobs, [&](const Job &job) { return !pattern->match(job.name); });
    }
    if (int status = checkNames())
      return status;
    // Shards take turns, so that they are of one size and stay what they are on every host.
    size_t number = 0;
    std::erase_if(jobs, [&](const Job &) { return number++ % shardCount != shard - 1; });
    return exitDone;
  }

  int checkNames() {
    if (jobs.empty())
      return report(makeError(Code::I053, "no kernel is left to compile", "look at --filter"));
    std::map<std::string, const Job *> byName;
    for (const Job &job : jobs)
      if (auto [other, isNew] = byName.emplace(job.name, &job); !isNew)
        return report(makeError(
            Code::I053,
            fmt::format("two kernels are called '{}': '{}' and '{}'", job.name, other->second->input, job.input),
            "give each a name of its own in a manifest"));
    return exitDone;
  }

  /// Where bundles and reports go; nothing may replace what is read.
  int place() {
    for (Job &job : jobs) {
      files.read(job.input, "a kernel");
      for (const auto &[name, file] : job.expectations)
        files.read(TensorFile::pathOf(file), "an expected result");
      for (const auto &[name, spec] : job.arguments)
        if (TensorFile::isTensorFile(spec))
          files.read(TensorFile::pathOf(spec), "the data of an argument");
      for (const std::string &file : job.targetFiles)
        files.read(file, "the description of a chip");
    }
    for (const std::string &file : options.targets.files)
      files.read(file, "the description of a chip");
    if (!options.manifest.empty())
      files.read(options.manifest, "the manifest");
    std::optional<std::string> wrong;
    auto write = [&](const std::string &path, const std::string &what) {
      if (!wrong && !path.empty())
        wrong = files.write(path, what);
    };
    for (Job &job : jobs)
      if (!options.output.empty()) {
        job.output = options.output + "/" + job.name + ".rbln";
        write(job.output, fmt::format("the bundle of '{}'", job.name));
      }
    for (auto [path, what] : {std::pair(&options.junit, "the JUnit report"),
                              {&options.sarif, "the SARIF report"},
                              {&options.json, "the JSON report"},
                              {&options.depfile, "the depfile"}})
      write(*path, what);
    return wrong ? usageError(*wrong) : exitDone;
  }

  void work() {
    for (const Job &job : jobs)
      records.push_back({&job, std::nullopt});
    Progress progress(records, options.isQuiet);
    std::optional<Cache> cache = options.cache.cache();
    PoolLimits limits;
    limits.workers = std::min(options.workers, static_cast<unsigned>(jobs.size()));
    limits.time = std::chrono::milliseconds(static_cast<int64_t>(options.timeout * 1000));
    limits.memory = memory ? *memory : hostMemoryBytes() / limits.workers;
    struct sigaction action{}, beforeInterrupt{}, beforeTerminate{};
    action.sa_handler = onInterrupt;
    ::sigaction(SIGINT, &action, &beforeInterrupt);
    ::sigaction(SIGTERM, &action, &beforeTerminate);
    bool failed = false;
    auto isStopped = [&] { return interrupts > 0 || (failed && options.failFast); };
    auto onAnswer = [&](uint32_t number, Answer answer) {
      // What was killed because the batch ends is not finished, and nothing is wrong with it.
      if (answer.kind == Answer::stopped)
        return;
      records[number].outcome = outcomeOf(std::move(answer), limits);
      const Outcome &outcome = *records[number].outcome;
      failed |= outcome.state != State::ok;
      progress.update();
      if (cacheFault.empty() && !outcome.cacheFault.empty())
        cacheFault = outcome.cacheFault;
    };
    runPool(
        static_cast<uint32_t>(jobs.size()), limits,
        [&](uint32_t number) { return process(jobs[number], cache ? &*cache : nullptr).serialise(); }, onAnswer,
        isStopped);
    progress.finish();
    if (!cacheFault.empty())
      note("results are not kept: " + cacheFault);
    ::sigaction(SIGINT, &beforeInterrupt, nullptr);
    ::sigaction(SIGTERM, &beforeTerminate, nullptr);
    if (cache)
      cache->prune(options.cache.limits(), /*isForced=*/false);
  }

  Outcome outcomeOf(Answer answer, const PoolLimits &limits) const {
    if (answer.kind == Answer::given)
      if (auto outcome = Outcome::parse(answer.text))
        return std::move(*outcome);
    Diagnostics diagnostics;
    switch (answer.kind) {
    case Answer::outOfTime:
      diagnostics.report(Code::P020, fmt::format("it was not done after {:g} s and was stopped", options.timeout), {},
                         "give it more with --timeout, or smaller blocks and fewer turns of its loops");
      break;
    case Answer::outOfMemory:
      diagnostics.report(Code::P021,
                         limits.memory ? fmt::format("it needs more than the {} MiB of --memory", limits.memory >> 20)
                                       : "it needs more memory than there is",
                         {}, "give it more with --memory, or smaller blocks and fewer turns of its loops");
      break;
    default:
      diagnostics.report(Code::X001,
                         "the process that compiled it ended: " + llvm::StringRef(answer.text).rtrim().str());
    }
    return {stateOf(diagnostics.all()), false, 0, diagnostics.all(), std::nullopt, ""};
  }

  int finish(double seconds) {
    Counts counts = countRecords(records);
    int status = counts.internal  ? exitInternal
                 : counts.differs ? exitDiffers
                 : counts.refused ? exitRejected
                                  : exitDone;
    status = std::max(status, writeReports());
    // A report on standard output is there alone.
    (files.usesStandardOutput() ? printAside : print)(summaryLine(counts, seconds) + "\n");
    return interrupts ? exitInterrupted : status;
  }

  int writeReports() {
    std::vector<report::InputFindings> findings;
    for (const Record &record : records)
      if (record.outcome)
        findings.push_back({record.job->name, record.outcome->diagnostics});
    report::FindingsTool tool{versionNumber(), "rblnc batch"};
    std::vector<std::string> others;
    if (!options.manifest.empty())
      others.push_back(options.manifest);
    others.insert(others.end(), options.targets.files.begin(), options.targets.files.end());
    int status = exitDone;
    auto write = [&](const std::string &path, auto make) {
      if (!path.empty())
        status = std::max(status, report(writeFileAtomically(path, make())));
    };
    write(options.junit, [&] { return report::findingsJunit(findings, tool); });
    write(options.sarif, [&] { return report::findingsSarif(findings, tool); });
    write(options.json, [&] { return reportJson(records, options.hostTimes); });
    write(options.depfile, [&] { return batch::depfile(records, others); });
    return status;
  }

  const Options &options;
  std::optional<uint64_t> memory;
  unsigned shard = 1, shardCount = 1;
  std::vector<Job> jobs;
  /// What is read and written.
  Files files;
  std::vector<Record> records;
  std::string cacheFault;
};

} // namespace

std::function<int()> setupBatch(Command &command) {
  auto options = std::make_shared<Options>();
  command.words("PATH", options->paths, "Kernels, and folders of kernels (.ttir, .mlir, .mlirbc)");
  command.file(
      "-o,--output", options->output,
      "The folder for bundles, each named as its kernel; without it kernels are compiled and nothing is written",
      "DIR");
  command.file("--manifest", options->manifest, "Kernels with options of their own, in TOML or JSON");
  command.option("-j,--jobs", options->workers, "Processes that work at the same time (default: one a processor)")
      .within(1, 1024)
      .type("N");
  command.flag("--run", options->isRun, "Run each bundle on the emulator too");
  command.option("--shard", options->shard, "Of all kernels only each Nth, from the Ith").type("I/N");
  command.option("--filter", options->filter, "Only kernels whose name this pattern matches").type("GLOB");
  command.flag("-x,--fail-fast", options->failFast, "Begin nothing more after the first kernel that is not ok");
  command.option("--timeout", options->timeout, "Seconds for each kernel; 0 for no limit")
      .within(0.0, 1e6)
      .type("S")
      .showDefault();
  command
      .option("--memory", options->memory,
              "Memory for each process, as 4GiB; 0 for no limit (default: an equal part of what there is)")
      .type("SIZE");
  command.file("--junit", options->junit, "Write a report in JUnit's XML");
  command.file("--sarif", options->sarif, "Write a report in SARIF 2.1.0");
  command.file("--json", options->json, "Write a report in JSON");
  command.flag("--host-times", options->hostTimes, "The JSON report has the milliseconds that each kernel took here");
  command.file("--depfile", options->depfile, "Write what each bundle depends on, as make and ninja read it");
  command.flag("-q,--quiet", options->isQuiet, "Only errors, and the last line");
  options->cache.addTo(command, /*isOnByDefault=*/true);
  options->targets.addTo(command, "The chips, as `rblnc targets` lists them");
  options->kernel.addTo(command);
  return [options] { return Batch(*options).run(); };
}

} // namespace rblnc::cli
