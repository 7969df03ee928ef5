// Work that is watched: who is told, and what stops it.
#include "rblnc/support/Watch.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace rblnc;

TEST_CASE("nobody watches: the work goes on", "[watch]") {
  CHECK(!currentWatch());
  CHECK(!wasStopped());
  WatchedStep step("alone");
  CHECK(!wasStopped());
}

TEST_CASE("a watch is in force for its thread and its scope", "[watch]") {
  Watch watch;
  {
    WatchScope scope(&watch);
    CHECK(currentWatch() == &watch);
    watch.stop();
    CHECK(wasStopped());
    bool isSeenElsewhere = true;
    std::thread([&] { isSeenElsewhere = wasStopped(); }).join();
    CHECK(!isSeenElsewhere);
  }
  CHECK(!wasStopped());
}

TEST_CASE("a request from elsewhere stops the work", "[watch]") {
  std::atomic<bool> request = false;
  Watch watch(nullptr, &request);
  WatchScope scope(&watch);
  CHECK(!wasStopped());
  request = true;
  CHECK(wasStopped());
}

TEST_CASE("the listener hears the innermost step and its meter, and stops the work", "[watch]") {
  std::vector<std::string> steps;
  std::vector<double> fractions;
  Watch watch([&](const Progress &progress) {
    steps.emplace_back(progress.step);
    fractions.push_back(progress.fraction);
    return progress.step != "inner";
  });
  WatchScope scope(&watch);
  CHECK(!watch.isWorking());
  WatchedStep outer("outer");
  CHECK(watch.isWorking());
  watch.tell();
  CHECK(!watch.wasStopped());
  {
    std::function<double()> meter = [] { return 0.25; };
    WatchedStep inner("inner", &meter);
    watch.tell();
  }
  CHECK(watch.wasStopped());
  watch.tell();
  CHECK(steps == std::vector<std::string>{"outer", "inner", "outer"});
  CHECK(fractions == std::vector<double>{-1, 0.25, -1});
}

TEST_CASE("work on another thread names its steps, and its meter is not asked", "[watch]") {
  std::string step;
  Watch watch([&](const Progress &progress) {
    step = progress.step;
    return progress.fraction < 0;
  });
  std::atomic<bool> isTold = false, isReady = false, isStopped = true;
  std::thread worker([&] {
    WatchScope scope(&watch);
    std::function<double()> meter = [] { return 0.5; };
    WatchedStep there("there", &meter);
    isReady = true;
    isReady.notify_one();
    isTold.wait(false);
    isStopped = wasStopped(); // which does not tell: that is the other thread's
  });
  isReady.wait(false);
  watch.tell();
  isTold = true;
  isTold.notify_one();
  worker.join();
  CHECK(!isStopped);
  CHECK(step == "there");
  CHECK(!watch.wasStopped());
}
