#include "Log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace rblnc::cli {

static std::shared_ptr<spdlog::logger> logger;

void enableLog() {
  logger = spdlog::stderr_logger_st("rblnc");
  logger->set_pattern("rblnc: %v");
  logger->set_level(spdlog::level::debug);
}

void log(const std::string &line) {
  if (logger)
    logger->debug(line);
}

void logStep(const StepReport &step) {
  if (logger)
    log(fmt::format("{}: {:.3f} ms", step.name, step.milliseconds));
}

} // namespace rblnc::cli
