#include "pool/Pool.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <map>
#include <new>
#include <unistd.h>

using namespace rblnc::cli;

namespace {

std::map<uint32_t, Answer> answers(
    uint32_t count, const PoolLimits &limits, const std::function<std::string(uint32_t)> &work,
    const std::function<bool()> &isStopped = [] { return false; }) {
  std::map<uint32_t, Answer> all;
  runPool(
      count, limits, work,
      [&](uint32_t number, Answer answer) { CHECK(all.emplace(number, std::move(answer)).second); }, isStopped,
      std::chrono::milliseconds(50));
  return all;
}

} // namespace

TEST_CASE("every piece of work is done once") {
  for (unsigned workers : {1U, 3U}) {
    auto all = answers(20, {.workers = workers}, [](uint32_t number) { return std::string(number * 10000, 'x'); });
    REQUIRE(all.size() == 20);
    for (const auto &[number, answer] : all) {
      CHECK(answer.kind == Answer::given);
      CHECK(answer.text.size() == number * 10000);
    }
  }
}

TEST_CASE("a process that dies is one failure") {
  auto all = answers(6, {.workers = 2}, [](uint32_t number) -> std::string {
    if (number == 1)
      ::raise(SIGKILL);
    if (number == 3) {
      (void)!::write(STDERR_FILENO, "what it said\n", 13);
      ::_exit(70);
    }
    return "done";
  });
  REQUIRE(all.size() == 6);
  for (const auto &[number, answer] : all)
    CHECK(answer.kind == (number == 1 || number == 3 ? Answer::died : Answer::given));
  CHECK(all[1].text == "signal 9");
  CHECK(all[3].text == "what it said\n");
}

TEST_CASE("time and memory have limits") {
  auto all = answers(3, {.workers = 1, .time = std::chrono::milliseconds(300), .memory = uint64_t(1) << 30},
                     [](uint32_t number) -> std::string {
                       if (number == 0)
                         while (true)
                           ::pause();
                       if (number == 1)
                         return std::string(uint64_t(4) << 30, 'x');
                       return "done";
                     });
  REQUIRE(all.size() == 3);
  CHECK(all[0].kind == Answer::outOfTime);
  CHECK(all[1].kind == Answer::outOfMemory);
  CHECK(all[2].kind == Answer::given);
}

TEST_CASE("nothing begins after the stop") {
  int asked = 0;
  auto all = answers(100, {.workers = 1}, [](uint32_t) { return std::string("done"); }, [&] { return ++asked > 3; });
  CHECK(all.size() < 10);
  for (const auto &[number, answer] : all)
    CHECK(answer.kind == Answer::given);
}
