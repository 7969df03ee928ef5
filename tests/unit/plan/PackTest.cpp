// Packing of live ranges: nothing overlaps, offsets are aligned, and the memory used is near the least that is
// possible.
#include "allocate/Pack.h"
#include "allocate/PlacedRanges.h"

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <random>
#include <vector>

using namespace rblnc::plan;

namespace {

constexpr int64_t alignment = 64;

using Random = std::mt19937;
int64_t uniform(Random &random, int64_t lo, int64_t hi) {
  return std::uniform_int_distribution<int64_t>(lo, hi)(random);
}

LiveRange range(size_t first, size_t last, int64_t lines, int64_t traffic = 0) {
  LiveRange result;
  result.first = first;
  result.last = last;
  result.bytes = lines * alignment;
  result.traffic = traffic ? traffic : 2 * result.bytes;
  return result;
}

using Set = std::vector<LiveRange>;

/// Values of all sizes and lives.
Set anything(Random &random, size_t count) {
  Set set;
  for (size_t i = 0; i < count; ++i) {
    auto first = static_cast<size_t>(uniform(random, 0, 1000));
    set.push_back(range(first, first + static_cast<size_t>(uniform(random, 0, 1 << uniform(random, 0, 9))),
                        uniform(random, 1, 1 << uniform(random, 0, 8))));
  }
  return set;
}

/// A static loop over blocks: loads, what is computed from them, a running sum, a table that stays.
Set loop(Random &random, size_t count) {
  Set set{range(0, count, 40)};
  int64_t lines = uniform(random, 8, 64);
  for (size_t i = 0; i + 3 < count; i += 3) {
    set.push_back(range(i, i + 2, lines));
    set.push_back(range(i + 1, i + 2, 2 * lines));
    set.push_back(range(i + 1, i + 4, uniform(random, 1, 4)));
  }
  return set;
}

/// Layers: each is used by the next, and some by one further on.
Set layers(Random &random, size_t count) {
  Set set;
  for (size_t i = 0; i < count; ++i)
    set.push_back(range(i, i + 1 + (uniform(random, 0, 3) == 0 ? static_cast<size_t>(uniform(random, 1, 6)) : 0),
                        uniform(random, 16, 256)));
  return set;
}

const std::map<std::string, std::function<Set(Random &, size_t)>> sets{
    {"anything", anything}, {"loop", loop}, {"layers", layers}};

/// That what is placed lies in the memory, aligned, and apart from what is live at the same time.
void checkPlaces(const Set &set, int64_t capacity) {
  for (size_t i = 0; i < set.size(); ++i) {
    if (set[i].offset == LiveRange::nowhere)
      continue;
    REQUIRE(set[i].offset >= 0);
    REQUIRE(set[i].offset % alignment == 0);
    REQUIRE(set[i].offset + set[i].bytes <= capacity);
    for (size_t j = 0; j < i; ++j)
      if (set[j].offset != LiveRange::nowhere && set[i].meets(set[j]))
        REQUIRE((set[i].offset + set[i].bytes <= set[j].offset || set[j].offset + set[j].bytes <= set[i].offset));
  }
}

int64_t leastBytes(const Set &set) {
  int64_t most = 0;
  for (const LiveRange &at : set) {
    int64_t live = 0;
    for (const LiveRange &other : set)
      live += other.first <= at.first && at.first <= other.last ? other.bytes : 0;
    most = std::max(most, live);
  }
  return most;
}

bool isPlaced(const LiveRange &range) { return range.offset != LiveRange::nowhere; }

} // namespace

TEST_CASE("the live bytes are those of the worst command") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Random random(seed);
    Set set = anything(random, 200);
    CHECK(liveBytes(set) == leastBytes(set));
  }
  CHECK(liveBytes({}) == 0);
}

TEST_CASE("packing needs at most an eighth more than what is live at once") {
  for (const auto &[name, make] : sets)
    for (unsigned seed = 0; seed < 40; ++seed) {
      INFO(name << " " << seed);
      Random random(seed);
      Set set = make(random, 300);
      int64_t least = liveBytes(set), capacity = least + least / 8;
      REQUIRE(packAll(set, capacity));
      CHECK(std::all_of(set.begin(), set.end(), isPlaced));
      checkPlaces(set, capacity);
      CHECK_FALSE(packAll(set, least - 1));
    }
}

TEST_CASE("each order alone packs without overlap") {
  for (const auto &[name, make] : sets)
    for (PackOrder order : packOrders) {
      INFO(name);
      Random random(3);
      Set set = make(random, 300);
      CHECK(packInOrder(set, order, 1 << 30, /*all=*/true));
      checkPlaces(set, 1 << 30);
      packInOrder(set, order, liveBytes(set) / 2, /*all=*/false);
      checkPlaces(set, liveBytes(set) / 2);
    }
}

TEST_CASE("what does not fit is what costs the least traffic") {
  // Three values of one size at once, room for two.
  Set set{range(0, 9, 10, 5000), range(0, 9, 10, 100), range(0, 9, 10, 4000)};
  packSome(set, 20 * alignment);
  CHECK(isPlaced(set[0]));
  CHECK_FALSE(isPlaced(set[1]));
  CHECK(isPlaced(set[2]));
}

TEST_CASE("little traffic counts for the room that it gives") {
  // The large one alone makes room, at less than the small ones together.
  Set set{range(0, 9, 16, 1000)};
  for (int i = 0; i < 16; ++i)
    set.push_back(range(0, 9, 1, 100));
  packSome(set, 16 * alignment);
  CHECK_FALSE(isPlaced(set[0]));
  CHECK(std::all_of(set.begin() + 1, set.end(), isPlaced));
}

TEST_CASE("what was left out has a place where another made room") {
  for (const auto &[name, make] : sets)
    for (unsigned seed = 0; seed < 20; ++seed) {
      INFO(name << " " << seed);
      Random random(seed);
      Set set = make(random, 200);
      int64_t capacity = liveBytes(set) * uniform(random, 20, 95) / 100;
      packSome(set, capacity);
      checkPlaces(set, capacity);
      PlacedRanges placed(set);
      for (size_t i = 0; i < set.size(); ++i)
        if (isPlaced(set[i]))
          placed.insert(i);
      for (const LiveRange &left : set)
        if (!isPlaced(left))
          CHECK(placed.gapFor(left.first, left.last, left.bytes, capacity) == LiveRange::nowhere);
    }
}

TEST_CASE("nothing fits an empty memory, and nothing needs none") {
  Set none, one{range(0, 0, 1)};
  CHECK(packAll(none, 0));
  CHECK_FALSE(packAll(one, 0));
  packSome(one, 0);
  CHECK_FALSE(isPlaced(one[0]));
}

TEST_CASE("ranges begin earlier where there is room") {
  // Two values in turn at one address, and room for both at once at two.
  Set set{range(0, 3, 4), range(4, 7, 4)};
  REQUIRE(packAll(set, 8 * alignment));
  REQUIRE(set[0].offset == set[1].offset);
  extend(set, {0, 1}, 8 * alignment);
  CHECK(set[1].first == 1);
  checkPlaces(set, 8 * alignment);
  // A third leaves no room for that; it can begin earlier itself.
  set = {range(0, 3, 4), range(4, 7, 4), range(4, 7, 2)};
  REQUIRE(packAll(set, 8 * alignment));
  extend(set, {0, 1, 1}, 8 * alignment);
  CHECK(set[1].first == 4);
  CHECK(set[2].first == 1);
  checkPlaces(set, 8 * alignment);
}

TEST_CASE("beginning earlier never makes ranges overlap") {
  for (const auto &[name, make] : sets)
    for (unsigned seed = 0; seed < 20; ++seed) {
      INFO(name << " " << seed);
      Random random(seed);
      Set set = make(random, 200);
      int64_t capacity = liveBytes(set) * uniform(random, 80, 130) / 100;
      packSome(set, capacity);
      Set before = set;
      std::vector<size_t> earlier;
      for (const LiveRange &range : set)
        earlier.push_back(range.first - std::min(range.first, static_cast<size_t>(uniform(random, 0, 20))));
      extend(set, earlier, capacity);
      checkPlaces(set, capacity);
      for (size_t i = 0; i < set.size(); ++i) {
        CHECK((set[i].first == before[i].first || set[i].first == earlier[i]));
        CHECK(isPlaced(set[i]) == isPlaced(before[i]));
      }
    }
}

TEST_CASE("many long ranges are packed without looking at all of each other") {
  // Each order but the last would look at half of them for each.
  Random random(5);
  Set set;
  for (size_t i = 0; i < 60000; ++i)
    set.push_back(range(i, 120000 - i, 1));
  CHECK(packAll(set, liveBytes(set)));
  CHECK(std::all_of(set.begin(), set.end(), isPlaced));
}
